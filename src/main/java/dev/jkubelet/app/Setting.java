package dev.jkubelet.app;

import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A flag, a field of KubeletConfiguration, or both.
 *
 * @param field path of the field such as {@code authentication.anonymous.enabled}; empty if it has
 *     none
 * @param flag name of the flag without dashes; empty if it has none
 * @param pointer Go's field is a pointer: a zero in the file is a value and not the wish for the
 *     default
 * @param initial the default, as the kubelet gives it to a field that the file leaves out
 */
record Setting(
    String field, String flag, ValueType type, boolean pointer, Allowed allowed, Object initial) {

  /** Reads the cells of a table's row: field, flag, type, allowed, default. */
  static Setting of(String field, String flag, String goType, String allowed, String initial) {
    var pointer = goType.startsWith("*");
    var type = ValueType.of(pointer ? goType.substring(1) : goType);
    return new Setting(
        field.equals("-") ? "" : field,
        flag.equals("-") ? "" : flag,
        type,
        pointer,
        Allowed.of(allowed, type),
        initial.equals("-") ? type.zero() : type.parse(initial).orElseThrow());
  }

  /**
   * What values are looked up by: the field's path, or the flag with its dashes where there is no
   * field.
   */
  String key() {
    return field.isEmpty() ? "--" + flag : field;
  }

  /** Whether that is the field's or the flag's name, whatever its case and dashes. */
  boolean isCalled(String typed) {
    var bare = typed.replace("-", "");
    return bare.equalsIgnoreCase(field.substring(field.lastIndexOf('.') + 1))
        || bare.equalsIgnoreCase(flag.replace("-", ""));
  }

  /** Both names, for a message about a value of whatever origin. */
  String names() {
    return field.isEmpty() || flag.isEmpty() ? key() : field + " (--" + flag + ")";
  }

  /** The value of the text; empty when it is of another type or not allowed. */
  Optional<Object> parse(String text) {
    return type.parse(text).filter(allowed::admits);
  }

  /** What was expected, to follow that word in a message. */
  String expected() {
    return allowed.expected(type.noun());
  }

  /** What stands for a value in {@code --help}: {@code path}, or {@code cgroupfs|systemd}. */
  String form() {
    return allowed instanceof Allowed.OneOf(var words)
        ? words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining("|"))
        : type.form();
  }
}
