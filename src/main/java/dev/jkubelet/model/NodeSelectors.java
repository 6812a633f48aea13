package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether a node is one that a pod may run on, by {@code nodeSelector} and node affinity. */
public final class NodeSelectors {
  private static final String NAME_FIELD = "metadata.name";

  private NodeSelectors() {}

  /**
   * Both the selector and what the affinity requires must match.
   *
   * @param labels of the node
   */
  public static boolean match(Pod pod, String nodeName, Map<String, String> labels) {
    var selector = Optional.ofNullable(pod.getSpec().getNodeSelector()).orElse(Map.of());
    boolean selected =
        selector.entrySet().stream()
            .allMatch(e -> Objects.equals(labels.get(e.getKey()), e.getValue()));
    return selected
        && Optional.ofNullable(pod.getSpec().getAffinity())
            .map(Affinity::getNodeAffinity)
            .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
            .map(
                required ->
                    orEmpty(required.getNodeSelectorTerms()).stream()
                        .anyMatch(term -> match(term, nodeName, labels)))
            .orElse(true);
  }

  /** All of a term must hold; an empty one matches nothing. */
  private static boolean match(NodeSelectorTerm term, String nodeName, Map<String, String> labels) {
    var expressions = orEmpty(term.getMatchExpressions());
    var fields = orEmpty(term.getMatchFields());
    return !(expressions.isEmpty() && fields.isEmpty())
        && expressions.stream()
            .allMatch(r -> ofLabel(r, Optional.ofNullable(labels.get(r.getKey()))))
        && fields.stream().allMatch(r -> ofField(r, nodeName));
  }

  private static boolean ofLabel(NodeSelectorRequirement requirement, Optional<String> label) {
    var values = orEmpty(requirement.getValues());
    return switch (requirement.getOperator()) {
      case "In" -> label.filter(values::contains).isPresent();
      case "NotIn" -> !values.isEmpty() && label.filter(values::contains).isEmpty();
      case "Exists" -> values.isEmpty() && label.isPresent();
      case "DoesNotExist" -> values.isEmpty() && label.isEmpty();
      case "Gt" -> compare(label, values).orElse(0) > 0;
      case "Lt" -> compare(label, values).orElse(0) < 0;
      case null, default -> false;
    };
  }

  /** The label against the one value, both whole numbers; empty when either is none. */
  private static OptionalLong compare(Optional<String> label, List<String> values) {
    var own = label.map(NodeSelectors::number).orElse(OptionalLong.empty());
    var bound = values.size() == 1 ? number(values.getFirst()) : OptionalLong.empty();
    return own.isPresent() && bound.isPresent()
        ? OptionalLong.of(Long.compare(own.getAsLong(), bound.getAsLong()))
        : OptionalLong.empty();
  }

  private static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException none) {
      return OptionalLong.empty();
    }
  }

  /** The one field a node has is its name, compared with exactly one value. */
  private static boolean ofField(NodeSelectorRequirement requirement, String nodeName) {
    var values = orEmpty(requirement.getValues());
    if (values.size() != 1) {
      return false;
    }
    var actual = NAME_FIELD.equals(requirement.getKey()) ? nodeName : "";
    return switch (requirement.getOperator()) {
      case "In" -> actual.equals(values.getFirst());
      case "NotIn" -> !actual.equals(values.getFirst());
      case null, default -> false;
    };
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
