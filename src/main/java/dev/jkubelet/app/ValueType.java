package dev.jkubelet.app;

import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A type of flags and fields, by its name in Go. Values are Boolean, Long, Double, Duration,
 * String, InetAddress, a List of those, or a sorted Map; texts are read as Go's pflag reads them.
 */
enum ValueType {
  BOOL("bool", "true or false", "switch"),
  VERSION("version", "true, false or raw", "switch"),
  INT32("int32", "a whole number", "number"),
  INT64("int64", "a whole number", "number"),
  UINT64("uint64", "a whole number, 0 or more", "number"),
  FLOAT64("float64", "a number", "number"),
  DURATION("duration", "a duration such as 90s or 1h30m", "duration"),
  QUANTITY("quantity", "a size such as 10Mi", "size"),
  STRING("string", "text", "text"),
  PATH("path", "a path", "path"),
  IP("ip", "an IP address", "ip"),
  STRINGS("[]string", "a list of words", "word,..."),
  IPS("[]ip", "a list of IP addresses", "ip,..."),
  IP_PAIR("ip,ip", "one IP address, or two for dual stack", "ip"),
  PAIRS("map[string]string", "pairs such as memory=500Mi", "name=value,..."),
  THRESHOLDS("map[string]string<", "thresholds such as memory.available<100Mi", "name<value,..."),
  SWITCHES("map[string]bool", "pairs such as Name=true", "name=true,..."),
  HEADERS("map[string][]string", "headers such as Name:value", "name:value,...");

  private static final Pattern IPV4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final String goName;
  private final String noun;
  private final String form;

  ValueType(String goName, String noun, String form) {
    this.goName = goName;
    this.noun = noun;
    this.form = form;
  }

  /** The type that Go calls so, a leading {@code *} left off. */
  static ValueType of(String goName) {
    return Arrays.stream(values())
        .filter(type -> type.goName.equals(goName))
        .findFirst()
        .orElseThrow();
  }

  /** What a value is, to follow "expected". */
  String noun() {
    return noun;
  }

  /** What stands for a value in {@code --help}. */
  String form() {
    return form;
  }

  /** A flag of this type takes no separate argument: {@code --flag} means {@code --flag=true}. */
  boolean isSwitch() {
    return this == BOOL || this == VERSION;
  }

  /** The value that Go's variable has before anything sets it. */
  Object zero() {
    return switch (this) {
      case BOOL -> false;
      case INT32, INT64, UINT64 -> 0L;
      case FLOAT64 -> 0.0;
      case DURATION -> Duration.ZERO;
      case VERSION, QUANTITY, STRING, PATH, IP -> "";
      case STRINGS, IPS, IP_PAIR -> List.of();
      case PAIRS, THRESHOLDS, SWITCHES, HEADERS -> Map.of();
    };
  }

  /** The value of one flag's text, or empty when the text is none of this type. */
  Optional<Object> parse(String text) {
    return switch (this) {
      case BOOL -> bool(text).map(Object.class::cast);
      case VERSION -> text.equals("raw") ? Optional.of(text) : bool(text).map(Object::toString);
      case INT32 -> GoNumber.integer(text, 31).map(Object.class::cast);
      case INT64 -> GoNumber.integer(text, 63).map(Object.class::cast);
      case UINT64 ->
          GoNumber.integer(text, 63).filter(number -> number >= 0).map(Object.class::cast);
      case FLOAT64 -> GoNumber.decimal(text).map(Object.class::cast);
      case DURATION -> GoDuration.parse(text).map(Object.class::cast);
      case QUANTITY -> GoNumber.bytes(text).isPresent() ? Optional.of(text) : Optional.empty();
      case STRING -> Optional.of(text);
      case PATH -> path(text);
      case IP -> text.isEmpty() || address(text).isPresent() ? Optional.of(text) : Optional.empty();
      case STRINGS -> Optional.of(words(text));
      case IPS, IP_PAIR ->
          words(text).stream().allMatch(word -> address(word).isPresent())
              ? Optional.of(words(text))
              : Optional.empty();
      case PAIRS -> pairs(text, "=").map(Object.class::cast);
      case THRESHOLDS -> pairs(text, "<").map(Object.class::cast);
      case SWITCHES -> pairs(text, "=").flatMap(ValueType::switches);
      case HEADERS -> headers(text);
    };
  }

  /**
   * What a flag that is given again makes of its earlier value: lists grow, all else is replaced.
   */
  Object join(Object earlier, Object later) {
    return switch (this) {
      case STRINGS, IPS ->
          Stream.of(earlier, later).flatMap(list -> ((List<?>) list).stream()).toList();
      case PAIRS, THRESHOLDS, SWITCHES -> {
        var all = new TreeMap<String, Object>();
        Stream.of(earlier, later)
            .forEach(map -> ((Map<?, ?>) map).forEach((k, v) -> all.put((String) k, v)));
        yield all;
      }
      case HEADERS -> {
        var all = new TreeMap<String, Object>();
        Stream.of(earlier, later)
            .forEach(
                map ->
                    ((Map<?, ?>) map).forEach((k, v) -> all.merge((String) k, v, STRINGS::join)));
        yield all;
      }
      case BOOL, VERSION, INT32, INT64, UINT64, FLOAT64, DURATION -> later;
      case QUANTITY, STRING, PATH, IP, IP_PAIR -> later;
    };
  }

  /** The address that a literal names; names are never looked up. */
  static Optional<InetAddress> address(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<Object> path(String text) {
    try {
      return Optional.of(Path.of(text)).map(_ -> text);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static Optional<Boolean> bool(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      case String _ -> Optional.empty();
    };
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  private static Optional<Map<String, String>> pairs(String text, String separator) {
    var pairs = new TreeMap<String, String>();
    for (var pair : words(text)) {
      var at = pair.indexOf(separator);
      if (at < 0 && !pair.isEmpty()) {
        return Optional.empty();
      }
      if (at >= 0) {
        pairs.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
      }
    }
    return Optional.of(pairs);
  }

  private static Optional<Object> switches(Map<String, String> pairs) {
    var switches = new TreeMap<String, Boolean>();
    pairs.forEach((name, text) -> bool(text).ifPresent(value -> switches.put(name, value)));
    return switches.size() == pairs.size() ? Optional.of(switches) : Optional.empty();
  }

  private static Optional<Object> headers(String text) {
    var headers = new TreeMap<String, List<String>>();
    for (var pair : words(text)) {
      var at = pair.indexOf(':');
      if (at < 0 && !pair.isEmpty()) {
        return Optional.empty();
      }
      if (at >= 0) {
        headers
            .computeIfAbsent(pair.substring(0, at).strip(), _ -> new ArrayList<>())
            .add(pair.substring(at + 1).strip());
      }
    }
    return Optional.of(headers);
  }
}
