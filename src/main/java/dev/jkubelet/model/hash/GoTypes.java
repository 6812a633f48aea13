package dev.jkubelet.model.hash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types in {@code pod-types.txt}. */
final class GoTypes {
  /** The kubelet's own, internal form of a pod. */
  static final GoType POD = new GoTypes().type("core.Pod");

  private static final String MAP = "map[";
  private static final String NO_TIME =
      "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";

  private final Map<String, String> lines;

  private GoTypes() {
    try (var in = GoTypes.class.getResourceAsStream("pod-types.txt")) {
      lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.toMap(line -> line.split(":? ", 2)[0], Function.identity()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private GoType type(String name) {
    return switch (name) {
      case "string" -> new GoType.Basic(name, "");
      case "bool" -> new GoType.Basic(name, "false");
      case "int32", "int64" -> new GoType.Basic(name, "0");
      case "resource.Quantity" -> new GoType.Amount(name);
      case "intstr.IntOrString" -> new GoType.IntOrString(name);
      case "v1.Time" -> new GoType.Opaque(name, NO_TIME);
      case "v1.FieldsV1" -> new GoType.Opaque(name, "{Raw:([]uint8)<nil>}");
      case String text when text.startsWith("*") -> new GoType.Pointer(type(text.substring(1)));
      case String text when text.startsWith("[]") -> new GoType.Slice(type(text.substring(2)));
      case String text when text.startsWith(MAP) -> mapping(text, text);
      case String text -> named(text);
    };
  }

  private GoType named(String name) {
    var line = lines.get(name);
    if (!line.startsWith(name + " = ")) {
      var fields = line.substring(name.length() + 2).split(" ", -1);
      return new GoType.Struct(name, Stream.of(fields).map(this::field).toList());
    }
    var underlying = line.substring(name.length() + 3);
    return underlying.startsWith(MAP)
        ? mapping(name, underlying)
        : new GoType.Basic(name, ((GoType.Basic) type(underlying)).zero());
  }

  private GoType mapping(String name, String text) {
    return new GoType.Mapping(name, type(text.substring(text.indexOf(']') + 1)));
  }

  private GoType.Field field(String text) {
    var parts = List.of(text.split(":", 3));
    return new GoType.Field(parts.get(0), parts.get(1), type(parts.get(2)));
  }
}
