package dev.jkubelet.model.hash;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jkubelet.model.GoQuantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Prints a value as go-spew does for {@code %#v}, methods off and keys sorted: {@code
 * (type){Field:(type)value …}}. What a pointer points to and what lists and maps hold is printed
 * without its type.
 */
final class GoPrint {
  private static final int WORD = 64;
  private static final BigInteger WORD_MASK =
      BigInteger.ONE.shiftLeft(WORD).subtract(BigInteger.ONE);

  private GoPrint() {}

  /**
   * @param value in JSON by the API's names; what is null or missing is Go's zero value
   */
  static String print(GoType type, JsonNode value) {
    return "(" + type.name() + ")" + untyped(type, value);
  }

  private static String untyped(GoType type, JsonNode value) {
    var absent = value.isNull() || value.isMissingNode();
    return switch (type) {
      case GoType.Struct(_, var fields) ->
          fields.stream()
              .map(field -> field.name() + ":" + print(field.type(), of(field, value)))
              .collect(joining(" ", "{", "}"));
      case GoType.Pointer _ when absent -> "<nil>";
      case GoType.Pointer(var target) -> untyped(target, value);
      case GoType.Slice _ when absent -> "<nil>";
      case GoType.Slice(var element) ->
          value.valueStream().map(item -> untyped(element, item)).collect(joining(" ", "[", "]"));
      case GoType.Mapping _ when absent -> "<nil>";
      case GoType.Mapping(var name, var element) -> map(name, element, value);
      case GoType.Basic(_, var zero) -> absent ? zero : value.asText();
      case GoType.Amount _ -> absent ? quantity(0, 0, null, "", "") : quantity(read(value));
      case GoType.IntOrString _ -> port(value);
      case GoType.Opaque(_, var zero) -> absent ? zero : "{" + value.asText() + "}";
    };
  }

  private static JsonNode of(GoType.Field field, JsonNode object) {
    return field.json().isEmpty() ? object : object.path(field.json());
  }

  private static String map(String name, GoType element, JsonNode object) {
    var sorted = new TreeMap<String, JsonNode>();
    object.forEachEntry(sorted::put);
    return sorted.entrySet().stream()
        .map(entry -> entry.getKey() + ":" + entry(name, element, entry))
        .collect(joining(" ", "map[", "]"));
  }

  /** The API rounds what a resource list holds while it defaults a pod, and no other quantity. */
  private static String entry(String map, GoType element, Map.Entry<String, JsonNode> entry) {
    return map.equals("core.ResourceList") && !entry.getValue().isNull()
        ? quantity(read(entry.getValue()).inThousandths())
        : untyped(element, entry.getValue());
  }

  private static GoQuantity read(JsonNode value) {
    var text = value.isNumber() ? GoQuantity.written(value.decimalValue()) : value.asText().strip();
    return GoQuantity.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("no quantity: " + text));
  }

  private static String quantity(GoQuantity quantity) {
    var number = quantity.number();
    return quantity.decimal()
        ? quantity(0, 0, number, quantity.kept(), quantity.format().name())
        : quantity(
            number.unscaledValue().longValueExact(),
            -number.scale(),
            null,
            quantity.kept(),
            quantity.format().name());
  }

  private static String quantity(
      long value, int scale, BigDecimal decimal, String kept, String format) {
    return "{i:(resource.int64Amount){value:(int64)"
        + value
        + " scale:(resource.Scale)"
        + scale
        + "} d:(resource.infDecAmount){Dec:(*inf.Dec)"
        + (decimal == null ? "<nil>" : decimal(decimal))
        + "} s:(string)"
        + kept
        + " Format:(resource.Format)"
        + format
        + "}";
  }

  /** An {@code inf.Dec}: the words of its number come lowest first. */
  private static String decimal(BigDecimal number) {
    var magnitude = number.unscaledValue().abs();
    var words =
        number.signum() == 0
            ? "<nil>"
            : IntStream.range(0, (magnitude.bitLength() + WORD - 1) / WORD)
                .mapToObj(word -> magnitude.shiftRight(word * WORD).and(WORD_MASK).toString())
                .collect(joining(" ", "[", "]"));
    return "{unscaled:(big.Int){neg:(bool)"
        + (number.signum() < 0)
        + " abs:(big.nat)"
        + words
        + "} scale:(inf.Scale)"
        + number.scale()
        + "}";
  }

  private static String port(JsonNode value) {
    return value.isTextual()
        ? "{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)" + value.asText() + "}"
        : "{Type:(intstr.Type)0 IntVal:(int32)" + value.asInt() + " StrVal:(string)}";
  }
}
