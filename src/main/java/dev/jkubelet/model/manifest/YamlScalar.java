package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * What a YAML scalar is in JSON, as the kubelet's YAML library decides it: YAML 1.1's booleans and
 * octal numbers, but no base 60 and no dates (both stay strings).
 */
final class YamlScalar {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private YamlScalar() {}

  static JsonNode value(ScalarNode scalar) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    var plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
    if (!plain && tag.equals(Tag.STR)) {
      return JSON.textNode(text);
    }
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on" -> JSON.booleanNode(true);
        case "false", "no", "off" -> JSON.booleanNode(false);
        default -> JSON.textNode(text);
      };
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(text);
    }
    return JSON.textNode(text);
  }

  private static JsonNode number(String text) {
    // 64 characters hold every number a field takes; longer ones aren't worth the arithmetic.
    if (text.indexOf(':') >= 0 || text.length() > 64) {
      return JSON.textNode(text);
    }
    var digits = text.replace("_", "");
    try {
      return whole(digits);
    } catch (NumberFormatException _) {
      return fraction(text, digits);
    }
  }

  private static JsonNode whole(String digits) {
    var negative = digits.startsWith("-");
    var bare = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    var value = magnitude(bare);
    var signed = negative ? value.negate() : value;
    return signed.bitLength() < 64 ? JSON.numberNode(signed.longValue()) : JSON.numberNode(signed);
  }

  private static BigInteger magnitude(String bare) {
    if (bare.isEmpty() || !Character.isDigit(bare.charAt(0))) {
      throw new NumberFormatException(bare);
    }
    var lower = bare.toLowerCase(Locale.ROOT);
    if (lower.startsWith("0x")) {
      return new BigInteger(lower.substring(2), 16);
    }
    if (lower.startsWith("0b")) {
      return new BigInteger(lower.substring(2), 2);
    }
    if (lower.startsWith("0o")) {
      return new BigInteger(lower.substring(2), 8);
    }
    return lower.length() > 1 && lower.startsWith("0")
        ? new BigInteger(lower, 8)
        : new BigInteger(lower);
  }

  /** Through a double, as in Go; infinities and NaN have no JSON and stay strings. */
  private static JsonNode fraction(String text, String digits) {
    try {
      var value = Double.parseDouble(digits);
      if (!Double.isFinite(value)) {
        return JSON.textNode(text);
      }
      var exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
      return exact.scale() <= 0
          ? JSON.numberNode(exact.toBigIntegerExact())
          : JSON.numberNode(exact);
    } catch (NumberFormatException _) {
      return JSON.textNode(text);
    }
  }
}
