package dev.jkubelet.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command line, read as the kubelet's pflag reads it: {@code --flag=value} or {@code --flag
 * value}, switches without a value, {@code -v} and {@code -h} short, underscores as good as dashes;
 * the last value counts, lists add up.
 */
final class Flags {
  private static final Map<Character, String> SHORT = Map.of('v', "v", 'h', "help");

  private static final int LONGEST_QUOTE = 200;

  private final Catalogue catalogue;
  private final Map<Setting, Object> values = new LinkedHashMap<>();
  private Optional<Setting> bareSwitch = Optional.empty();

  private Flags(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * @throws StartFailure for an unknown flag, a value that is missing or bad, an argument that is
   *     no flag
   */
  static Flags parse(Catalogue catalogue, String... args) {
    var flags = new Flags(catalogue);
    var rest = new ArrayDeque<>(List.of(args));
    while (!rest.isEmpty()) {
      var arg = rest.pop();
      if (arg.startsWith("--") && arg.length() > 2) {
        flags.bareSwitch = Optional.empty();
        flags.readLong(arg, rest);
      } else if (arg.startsWith("-") && arg.length() > 1 && !arg.equals("--")) {
        flags.bareSwitch = Optional.empty();
        flags.readShort(arg, rest);
      } else if (!arg.equals("--") || !rest.isEmpty()) {
        throw flags.noFlag(arg.equals("--") ? rest.pop() : arg);
      }
    }
    return flags;
  }

  /** What was given, in order of first appearance. */
  Map<Setting, Object> values() {
    return values;
  }

  /** What was given to the flag of that name. */
  Optional<Object> value(String name) {
    return catalogue.flag(name).map(values::get);
  }

  private void readLong(String arg, Deque<String> rest) {
    var equals = arg.indexOf('=');
    var typed = arg.substring(2, equals < 0 ? arg.length() : equals);
    if (typed.isEmpty() || typed.startsWith("-")) {
      throw new StartFailure("bad flag %s: expected --flag or --flag=value".formatted(quoted(arg)));
    }
    var name = typed.replace('_', '-');
    var setting =
        catalogue
            .flag(name)
            .orElseThrow(
                () ->
                    new StartFailure(
                        "unknown flag --%s: %s"
                            .formatted(
                                printable(typed),
                                catalogue
                                    .flagLike(name)
                                    .map(known -> "did you mean --" + known + "?")
                                    .orElse("expected one of those that --help lists"))));
    if (equals >= 0) {
      set(setting, arg.substring(equals + 1));
    } else {
      setNext(setting, rest);
    }
  }

  /** Most often, who comes here has given a switch its value as if it were another flag's. */
  private StartFailure noFlag(String arg) {
    return bareSwitch
        .filter(setting -> setting.parse(arg).isPresent())
        .map(
            setting ->
                new StartFailure(
                    "--%s: expected %s after an equals sign, as in --%s=%s"
                        .formatted(setting.flag(), setting.expected(), setting.flag(), arg)))
        .orElseGet(
            () -> new StartFailure("unknown command " + quoted(arg) + ": expected flags only"));
  }

  /**
   * {@code -v=4}, {@code -v4}, {@code -v 4}, {@code -hv4}: letters, of which the last may have a
   * value.
   */
  private void readShort(String arg, Deque<String> rest) {
    for (var at = 1; at < arg.length(); at++) {
      var letter = arg.charAt(at);
      var name = SHORT.get(letter);
      if (name == null) {
        throw new StartFailure(
            "unknown flag -%s in %s: expected --flag with two dashes, or -v or -h"
                .formatted(printable(String.valueOf(letter)), quoted(arg)));
      }
      var setting = catalogue.flag(name).orElseThrow();
      var tail = arg.substring(at + 1);
      if (tail.length() > 1 && tail.startsWith("=")) {
        set(setting, tail.substring(1));
        return;
      }
      if (!setting.type().isSwitch() && !tail.isEmpty()) {
        set(setting, tail);
        return;
      }
      setNext(setting, rest);
    }
  }

  private void setNext(Setting setting, Deque<String> rest) {
    if (setting.type().isSwitch()) {
      set(setting, "true");
      bareSwitch = Optional.of(setting);
    } else if (rest.isEmpty()) {
      throw new StartFailure(
          "--%s: expected %s after it, found nothing"
              .formatted(setting.flag(), setting.expected()));
    } else {
      set(setting, rest.pop());
    }
  }

  private void set(Setting setting, String text) {
    var value =
        setting
            .parse(text)
            .orElseThrow(
                () ->
                    new StartFailure(
                        "--%s: expected %s, got %s"
                            .formatted(setting.flag(), setting.expected(), quoted(text))));
    values.merge(setting, value, setting.type()::join);
  }

  /** The text in quotes and on one line, so that a message stays one line whatever was given. */
  static String quoted(String text) {
    return '"' + printable(text) + '"';
  }

  /** The text on one line, and cut when very long. */
  static String printable(String text) {
    return text.length() <= LONGEST_QUOTE
        ? oneLine(text)
        : oneLine(text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE / 2))) + "...";
  }

  /** The text with its control characters escaped. */
  static String oneLine(String text) {
    var line = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (Character.isISOControl(point)) {
                line.append("\\u%04x".formatted(point));
              } else {
                line.appendCodePoint(point);
              }
            });
    return line.toString();
  }
}
