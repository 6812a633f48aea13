package dev.jkubelet.app;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigInteger;
import java.net.InetAddress;
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
  BOOL("bool", "true or false"),
  VERSION("version", "true, false or raw"),
  INT32("int32", "a whole number"),
  INT64("int64", "a whole number"),
  UINT64("uint64", "a whole number, 0 or more"),
  FLOAT64("float64", "a number"),
  DURATION("duration", "a duration such as 90s or 1h30m"),
  QUANTITY("quantity", "a size such as 10Mi"),
  STRING("string", "text"),
  PATH("path", "a path"),
  IP("ip", "an IP address"),
  STRINGS("[]string", "a list of words"),
  IPS("[]ip", "a list of IP addresses"),
  PAIRS("map[string]string", "pairs such as memory=500Mi"),
  THRESHOLDS("map[string]string<", "thresholds such as memory.available<100Mi"),
  SWITCHES("map[string]bool", "pairs such as Name=true"),
  HEADERS("map[string][]string", "headers such as Name:value");

  private static final Pattern SIZE =
      Pattern.compile("[0-9]+(\\.[0-9]+)?([KMGTPE]i|[kMGTPE]|[eE][0-9]{1,2})?");
  private static final Pattern INT =
      Pattern.compile("([+-]?)(0[xX]|0[bB]|0[oO]|0(?=[0-9_]))?([0-9a-fA-F_]+)");
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final String goName;
  private final String noun;

  ValueType(String goName, String noun) {
    this.goName = goName;
    this.noun = noun;
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
      case STRINGS, IPS -> List.of();
      case PAIRS, THRESHOLDS, SWITCHES, HEADERS -> Map.of();
    };
  }

  /** The value of one flag's text, or empty when the text is none of this type. */
  Optional<Object> parse(String text) {
    return switch (this) {
      case BOOL -> bool(text).map(Object.class::cast);
      case VERSION -> text.equals("raw") ? Optional.of(text) : bool(text).map(Object::toString);
      case INT32 -> integer(text, 31).map(Object.class::cast);
      case INT64 -> integer(text, 63).map(Object.class::cast);
      case UINT64 -> integer(text, 63).filter(number -> number >= 0).map(Object.class::cast);
      case FLOAT64 ->
          FLOAT.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
      case DURATION -> GoDuration.parse(text).map(Object.class::cast);
      case QUANTITY -> bytes(text).isPresent() ? Optional.of(text) : Optional.empty();
      case STRING, PATH -> Optional.of(text);
      case IP -> text.isEmpty() || address(text).isPresent() ? Optional.of(text) : Optional.empty();
      case STRINGS -> Optional.of(words(text));
      case IPS ->
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
      case BOOL, VERSION, INT32, INT64, UINT64, FLOAT64, DURATION, QUANTITY, STRING, PATH, IP ->
          later;
    };
  }

  /**
   * The number of bytes that a Kubernetes quantity names, or empty when it is none, negative or
   * broken.
   */
  static Optional<Long> bytes(String text) {
    if (text.length() > 32 || !SIZE.matcher(text).matches()) {
      return Optional.empty();
    }
    var bytes = Quantity.getAmountInBytes(Quantity.parse(text)).stripTrailingZeros();
    return bytes.scale() > 0 || bytes.toBigInteger().bitLength() > 63
        ? Optional.empty()
        : Optional.of(bytes.longValueExact());
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

  private static Optional<Boolean> bool(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      case String _ -> Optional.empty();
    };
  }

  private static Optional<Long> integer(String text, int bits) {
    var matcher = INT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var radix =
        switch (matcher.group(2)) {
          case null -> 10;
          case "0x", "0X" -> 16;
          case "0b", "0B" -> 2;
          case String _ -> 8;
        };
    try {
      var digits = matcher.group(3);
      var number =
          new BigInteger(
              matcher.group(1) + (matcher.group(2) == null ? digits : digits.replace("_", "")),
              radix);
      return number.bitLength() > bits ? Optional.empty() : Optional.of(number.longValueExact());
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
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
