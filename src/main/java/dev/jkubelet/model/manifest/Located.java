package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;

/** A manifest's value that knows where it stands, so that a complaint can name the line. */
public sealed interface Located {
  /** Where it begins; of a field's value, where the field's name stands. */
  Place place();

  /** Fields by name, in the text's order. */
  record Mapping(Place place, Map<String, Located> fields) implements Located {}

  /** A list. */
  record Sequence(Place place, List<Located> items) implements Located {}

  /** A string, number, boolean or null, as JSON knows them. */
  record Scalar(Place place, JsonNode value) implements Located {}

  /** The place of {@code path}, or of its nearest ancestor that is there. */
  default Place find(FieldPath path) {
    var at = this;
    for (var segment : path.segments()) {
      var next = at.step(segment);
      if (next == null) {
        break;
      }
      at = next;
    }
    return at.place();
  }

  /** The value at {@code path}; null if there is none. */
  default Located get(FieldPath path) {
    var at = this;
    for (var segment : path.segments()) {
      at = at == null ? null : at.step(segment);
    }
    return at;
  }

  private Located step(FieldPath.Segment segment) {
    return switch (segment) {
      case FieldPath.Segment.Child(var name) -> field(name);
      case FieldPath.Segment.Key(var key) -> field(key);
      case FieldPath.Segment.Index(var index) ->
          this instanceof Sequence(_, var items) && index < items.size() ? items.get(index) : null;
    };
  }

  private Located field(String name) {
    return this instanceof Mapping(_, var fields) ? fields.get(name) : null;
  }

  default JsonNode toJson() {
    return switch (this) {
      case Scalar(_, var value) -> value;
      case Sequence(_, var items) -> {
        var array = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(item -> array.add(item.toJson()));
        yield array;
      }
      case Mapping(_, var fields) -> {
        var object = JsonNodeFactory.instance.objectNode();
        fields.forEach((name, value) -> object.set(name, value.toJson()));
        yield object;
      }
    };
  }

  /** What it is, in words: {@code the number 80}, {@code a list}. */
  default String described() {
    return switch (this) {
      case Mapping _ -> "a mapping";
      case Sequence _ -> "a list";
      case Scalar(_, var value) when value.isNull() -> "null";
      case Scalar(_, var value) when value.isNumber() -> "the number " + value.asText();
      case Scalar(_, var value) when value.isBoolean() -> "the boolean " + value.asText();
      case Scalar(_, var value) -> "the string " + Quoted.of(value.asText());
    };
  }
}
