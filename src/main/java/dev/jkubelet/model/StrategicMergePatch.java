package dev.jkubelet.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The difference of two states of an object, as a strategic merge patch has it: fields that are
 * gone are null, lists that merge tell their changed elements and the order of all, other lists are
 * told whole. Null, empty text and empty objects count as absent.
 *
 * @param mergeKeys what tells the elements of a list that merges apart, by the list's field name
 */
public record StrategicMergePatch(Map<String, String> mergeKeys) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What makes {@code after} of {@code before}; an empty object when nothing does. */
  public ObjectNode between(Object before, Object after) {
    return difference(tree(before), tree(after));
  }

  private static ObjectNode tree(Object object) {
    return pruned(JSON.<ObjectNode>valueToTree(object));
  }

  private static ObjectNode pruned(ObjectNode object) {
    var kept = JSON.createObjectNode();
    object
        .properties()
        .forEach(
            field -> {
              var value = pruned(field.getValue());
              if (!absent(value)) {
                kept.set(field.getKey(), value);
              }
            });
    return kept;
  }

  private static JsonNode pruned(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return pruned(object);
    }
    if (value instanceof ArrayNode list) {
      var kept = JSON.createArrayNode();
      list.forEach(element -> kept.add(pruned(element)));
      return kept;
    }
    return value;
  }

  private static boolean absent(JsonNode value) {
    return value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isContainerNode() && value.isEmpty());
  }

  private ObjectNode difference(ObjectNode before, ObjectNode after) {
    var patch = JSON.createObjectNode();
    after
        .properties()
        .forEach(field -> put(patch, field.getKey(), before.get(field.getKey()), field.getValue()));
    before
        .properties()
        .forEach(
            field -> {
              if (!after.has(field.getKey())) {
                patch.putNull(field.getKey());
              }
            });
    return patch;
  }

  private void put(ObjectNode patch, String name, JsonNode before, JsonNode after) {
    if (before instanceof ObjectNode old && after instanceof ObjectNode young) {
      var inner = difference(old, young);
      if (!inner.isEmpty()) {
        patch.set(name, inner);
      }
    } else if (before instanceof ArrayNode old
        && after instanceof ArrayNode young
        && mergeKeys.containsKey(name)) {
      merge(patch, name, byKey(old, mergeKeys.get(name)), byKey(young, mergeKeys.get(name)));
    } else if (!after.equals(before)) {
      patch.set(name, after);
    }
  }

  private void merge(
      ObjectNode patch,
      String name,
      Map<JsonNode, ObjectNode> old,
      Map<JsonNode, ObjectNode> young) {
    var mergeKey = mergeKeys.get(name);
    var changed = JSON.createArrayNode();
    young.forEach(
        (key, element) -> {
          var known = old.get(key);
          var change = known == null ? element : difference(known, element);
          if (!change.isEmpty()) {
            changed.add(change.set(mergeKey, key));
          }
        });
    old.keySet().stream()
        .filter(key -> !young.containsKey(key))
        .forEach(key -> changed.addObject().put("$patch", "delete").set(mergeKey, key));
    if (!changed.isEmpty()) {
      var order = patch.putArray("$setElementOrder/" + name);
      young.keySet().forEach(key -> order.addObject().set(mergeKey, key));
      patch.set(name, changed);
    }
  }

  private static Map<JsonNode, ObjectNode> byKey(ArrayNode list, String mergeKey) {
    var elements = new LinkedHashMap<JsonNode, ObjectNode>();
    list.forEach(element -> elements.put(element.path(mergeKey), (ObjectNode) element));
    return elements;
  }
}
