package dev.jkubelet.node.mirror;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.node.PodReport.Statics;
import dev.jkubelet.node.source.StaticPod;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be done so that each static pod has a mirror in the API server, and no other mirror is
 * there: a pure function of both.
 */
final class MirrorPlan {
  private MirrorPlan() {}

  /** One call to the API server. */
  sealed interface Step {
    record Create(Pod mirror) implements Step {}

    record Delete(PodKey mirror) implements Step {}
  }

  /**
   * The next step for each pod that needs one.
   *
   * @param mirrors by {@code namespace/name}
   * @param node this node's object; empty when there is none: then there are no mirrors to make
   */
  static Map<String, Step> steps(Statics statics, Map<String, Pod> mirrors, Optional<Node> node) {
    var steps = new LinkedHashMap<String, Step>();
    var wanted = new LinkedHashMap<String, Pod>();
    statics.pods().forEach(pod -> wanted.putIfAbsent(name(pod), pod));
    wanted.forEach(
        (name, pod) -> step(pod, mirrors.get(name), node).ifPresent(s -> steps.put(name, s)));
    if (statics.complete()) {
      mirrors.forEach(
          (name, mirror) -> {
            if (!wanted.containsKey(name) && !statics.ending().contains(name)) {
              steps.put(name, new Step.Delete(PodKey.of(mirror)));
            }
          });
    }
    return steps;
  }

  private static Optional<Step> step(Pod pod, Pod mirror, Optional<Node> node) {
    if (mirror == null) {
      return node.filter(n -> n.getMetadata().getDeletionTimestamp() == null)
          .map(n -> new Step.Create(mirror(pod, n)));
    }
    return mirror.getMetadata().getDeletionTimestamp() != null || !isOf(mirror, pod)
        ? Optional.of(new Step.Delete(PodKey.of(mirror)))
        : Optional.empty();
  }

  private static boolean isOf(Pod mirror, Pod pod) {
    return Objects.equals(
        mirror.getMetadata().getAnnotations().get(MirrorPods.ANNOTATION), hash(pod));
  }

  /** The pod with the manifest's hash, owned by its node; the UID is the API server's to give. */
  static Pod mirror(Pod pod, Node node) {
    return new PodBuilder(pod)
        .editMetadata()
        .withUid(null)
        .withSelfLink(null)
        .withResourceVersion(null)
        .addToAnnotations(MirrorPods.ANNOTATION, hash(pod))
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node.getMetadata().getName())
                .withUid(node.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withStatus(null)
        .build();
  }

  private static String hash(Pod pod) {
    return pod.getMetadata().getAnnotations().get(StaticPod.CONFIG_HASH);
  }

  static String name(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }
}
