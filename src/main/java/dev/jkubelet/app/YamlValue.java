package dev.jkubelet.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The values of a file's fields. As strict as Go's decoder: {@code "10250"} in quotes is no number,
 * {@code 5} is no text.
 */
final class YamlValue {
  private YamlValue() {}

  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** The node's value, or empty when it is of another type. */
  static Optional<Object> read(ValueType type, Node node) {
    return switch (type) {
      case BOOL -> bool(node).map(Object.class::cast);
      case INT32, INT64, UINT64, FLOAT64 -> number(node).flatMap(type::parse);
      case DURATION, QUANTITY, STRING, PATH, IP -> text(node).flatMap(type::parse);
      case STRINGS -> list(node).map(Object.class::cast);
      case IPS, IP_PAIR ->
          list(node)
              .filter(all -> all.stream().allMatch(one -> ValueType.address(one).isPresent()))
              .map(Object.class::cast);
      case PAIRS, THRESHOLDS -> map(node, YamlValue::text);
      case SWITCHES -> map(node, YamlValue::bool);
      case HEADERS -> map(node, YamlValue::list);
      case VERSION -> Optional.empty();
    };
  }

  private static Optional<Boolean> bool(Node node) {
    return scalar(node)
        .filter(scalar -> scalar.getTag().equals(Tag.BOOL))
        .map(
            scalar ->
                List.of("true", "yes", "on")
                    .contains(scalar.getValue().toLowerCase(java.util.Locale.ROOT)));
  }

  private static Optional<String> number(Node node) {
    return scalar(node)
        .filter(scalar -> scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT))
        .map(ScalarNode::getValue);
  }

  private static Optional<String> text(Node node) {
    var others = List.of(Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.NULL);
    return scalar(node)
        .filter(scalar -> !others.contains(scalar.getTag()))
        .map(ScalarNode::getValue);
  }

  private static Optional<List<String>> list(Node node) {
    if (!(node instanceof SequenceNode sequence)) {
      return Optional.empty();
    }
    var texts = sequence.getValue().stream().flatMap(one -> text(one).stream()).toList();
    return texts.size() == sequence.getValue().size() ? Optional.of(texts) : Optional.empty();
  }

  private static <T> Optional<Object> map(Node node, Function<Node, Optional<T>> value) {
    if (!(node instanceof MappingNode mapping)) {
      return Optional.empty();
    }
    Map<String, T> map = new TreeMap<>();
    for (var entry : mapping.getValue()) {
      var name = text(entry.getKeyNode());
      value
          .apply(entry.getValueNode())
          .ifPresent(good -> name.ifPresent(key -> map.put(key, good)));
    }
    return map.size() == mapping.getValue().size() ? Optional.of(map) : Optional.empty();
  }

  private static Optional<ScalarNode> scalar(Node node) {
    return node instanceof ScalarNode scalar ? Optional.of(scalar) : Optional.empty();
  }
}
