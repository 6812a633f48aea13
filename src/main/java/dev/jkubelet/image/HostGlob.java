package dev.jkubelet.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A part of a host's name with wildcards, as Go's filepath.Match has them: {@code *}, {@code ?} and
 * {@code [a-z]}. What is no pattern matches nothing.
 */
final class HostGlob {
  /**
   * One step of a pattern.
   *
   * @param one which character it takes; empty for any run of them
   */
  private record Part(Optional<IntPredicate> one) {
    boolean any() {
      return one.isEmpty();
    }

    boolean takes(char c) {
      return one.filter(choice -> choice.test(c)).isPresent();
    }
  }

  private HostGlob() {}

  static boolean matches(String pattern, String text) {
    return parse(pattern).filter(parts -> matches(parts, text)).isPresent();
  }

  /** On a mismatch only the last star takes one character more: no more than pattern times text. */
  private static boolean matches(List<Part> parts, String text) {
    int part = 0;
    int at = 0;
    int star = -1;
    int starAt = 0;
    while (at < text.length()) {
      if (part < parts.size() && parts.get(part).any()) {
        star = part;
        part++;
        starAt = at;
      } else if (part < parts.size() && parts.get(part).takes(text.charAt(at))) {
        part++;
        at++;
      } else if (star >= 0) {
        part = star + 1;
        starAt++;
        at = starAt;
      } else {
        return false;
      }
    }
    return parts.subList(part, parts.size()).stream().allMatch(Part::any);
  }

  private static Optional<List<Part>> parse(String pattern) {
    var parts = new ArrayList<Part>();
    for (int at = 0; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      switch (c) {
        case '*' -> parts.add(new Part(Optional.empty()));
        case '?' -> parts.add(one(_ -> true));
        case '[' -> {
          int end = pattern.indexOf(']', at + 2);
          if (end < 0) {
            return Optional.empty();
          }
          parts.add(one(choice(pattern.substring(at + 1, end))));
          at = end;
        }
        case '\\' -> {
          at++;
          if (at == pattern.length()) {
            return Optional.empty();
          }
          parts.add(one(literal(pattern.charAt(at))));
        }
        default -> parts.add(one(literal(c)));
      }
    }
    return Optional.of(parts);
  }

  private static Part one(IntPredicate choice) {
    return new Part(Optional.of(choice));
  }

  private static IntPredicate literal(char wanted) {
    return c -> c == wanted;
  }

  /** What stands between brackets. */
  private static IntPredicate choice(String text) {
    boolean negated = text.startsWith("^");
    var choices = negated ? text.substring(1) : text;
    return c -> negated != contains(choices, c);
  }

  private static boolean contains(String choices, int c) {
    for (int at = 0; at < choices.length(); at++) {
      boolean range = at + 2 < choices.length() && choices.charAt(at + 1) == '-';
      char last = choices.charAt(range ? at + 2 : at);
      if (choices.charAt(at) <= c && c <= last) {
        return true;
      }
      at += range ? 2 : 0;
    }
    return false;
  }
}
