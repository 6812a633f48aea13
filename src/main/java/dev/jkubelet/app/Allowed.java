package dev.jkubelet.app;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Which values of a setting's type are good. */
sealed interface Allowed {
  /** Whatever the type reads. */
  record Any() implements Allowed {}

  /** One of these words; an empty one stands for "not given". */
  record OneOf(List<String> words) implements Allowed {}

  /**
   * Numbers, or durations in nanoseconds, between two bounds that belong to the range; their texts
   * are for messages.
   */
  record Range(long low, long high, String lowText, String highText) implements Allowed {}

  /** Reads the column "allowed": {@code -}, {@code 0..100}, {@code 1ms..}, {@code none|pods}. */
  static Allowed of(String text, ValueType type) {
    if (text.equals("-")) {
      return new Any();
    }
    var dots = text.indexOf("..");
    if (dots < 0) {
      return new OneOf(List.of(text.split("\\|", -1)));
    }
    var low = text.substring(0, dots);
    var high = text.substring(dots + 2);
    return new Range(
        number(type.parse(low).orElseThrow()),
        high.isEmpty() ? Long.MAX_VALUE : number(type.parse(high).orElseThrow()),
        low,
        high);
  }

  /** Whether the value, or each element of a list, is good. */
  default boolean admits(Object value) {
    if (value instanceof Collection<?> elements) {
      return elements.stream().allMatch(this::admits);
    }
    return switch (this) {
      case Any _ -> true;
      case OneOf(var words) -> words.contains(value);
      case Range(var low, var high, _, _) -> low <= number(value) && number(value) <= high;
    };
  }

  private static long number(Object value) {
    return value instanceof Duration duration ? duration.toNanos() : (Long) value;
  }

  /** What was expected, to follow "expected", of a type that calls itself {@code noun}. */
  default String expected(String noun) {
    return switch (this) {
      case Any _ -> noun;
      case OneOf(var words) ->
          "one of " + String.join(", ", words.stream().filter(word -> !word.isEmpty()).toList());
      case Range(_, _, var low, var high) ->
          high.isEmpty() ? noun + ", " + low + " or more" : noun + ", " + low + " to " + high;
    };
  }
}
