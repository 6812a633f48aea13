package dev.jkubelet.app;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
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

  /**
   * Characters put in, left out, replaced or swapped with their neighbour, case aside; only called
   * with lengths that differ by little.
   */
  private static int edits(String typed, String name) {
    var a = typed.toLowerCase(Locale.ROOT);
    var b = name.toLowerCase(Locale.ROOT);
    var edits = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        var same = a.charAt(i - 1) == b.charAt(j - 1);
        var least = edits[i - 1][j - 1] + (same ? 0 : 1);
        least = Math.min(least, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, 1 + edits[i - 2][j - 2]);
        }
        edits[i][j] = least;
      }
    }
    return edits[a.length()][b.length()];
  }
}
