package dev.jkubelet.app;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that a mistyped one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /**
   * The name that the fewest edits separate from {@code typed}, if few enough to be a slip of the
   * finger.
   */
  static Optional<String> to(String typed, Collection<String> known) {
    return known.stream()
        .filter(name -> Math.abs(name.length() - typed.length()) <= 3)
        .min(Comparator.comparingInt(name -> edits(typed, name)))
        .filter(name -> edits(typed, name) <= Math.max(1, Math.min(3, typed.length() / 3)));
  }

  /** Levenshtein's distance, case aside; only called with lengths that differ by little. */
  private static int edits(String a, String b) {
    var row = new int[b.length() + 1];
    for (var j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (var i = 1; i <= a.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (var j = 1; j <= b.length(); j++) {
        var same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        var replaced = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
