package dev.jkubelet.node.status;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod between node and API server.
 *
 * @param newest what the node says of it; empty before it has said anything
 * @param api what the API server has of it: the pod, or a static pod's mirror; empty when unknown
 */
record Reported(Optional<PodSnapshot> newest, Optional<Pod> api) {
  static final String MIRROR = "kubernetes.io/config.mirror";
  static final String SOURCE = "kubernetes.io/config.source";

  static final Reported UNKNOWN = new Reported(Optional.empty(), Optional.empty());

  /** What to do about it. */
  sealed interface Next {
    /** Nothing, or nothing yet. */
    record Rest() implements Next {}

    /** Ask the API server what it has. */
    record Ask(String namespace, String name) implements Next {}

    /**
     * Write.
     *
     * @param turn it tells of an end or of a change of readiness, for which somebody may wait
     */
    record Write(PodKey pod, String patch, boolean turn) implements Next {}
  }

  /** The UID by which this node knows a pod of the API server's. */
  static String uidHere(Pod pod) {
    return annotations(pod).getOrDefault(MIRROR, pod.getMetadata().getUid());
  }

  Reported with(PodSnapshot snapshot) {
    return new Reported(Optional.of(snapshot), api);
  }

  Reported with(Pod pod) {
    return new Reported(newest, Optional.of(pod));
  }

  Reported withoutApi() {
    return new Reported(newest, Optional.empty());
  }

  /** Whether {@code pod} is no older than what is known. The API's versions only ever grow. */
  boolean outdates(Pod pod) {
    return api.filter(known -> uid(known).equals(uid(pod)) && version(known) > version(pod))
        .isEmpty();
  }

  /** Whether more than the answer {@code pod} is known already, be it of another of its name. */
  boolean isAheadOf(Pod pod) {
    return api.filter(known -> version(known) > version(pod)).isPresent();
  }

  Next next() {
    if (newest.isEmpty() || newest.get().pod().getStatus() == null) {
      return new Next.Rest();
    }
    var pod = newest.get().pod();
    if (api.isEmpty()) {
      return new Next.Ask(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }
    var known = api.get();
    if (unobserved(known)) {
      return new Next.Rest();
    }
    return PodStatusPatch.of(uid(known), known.getStatus(), pod.getStatus())
        .<Next>map(
            patch ->
                new Next.Write(
                    PodKey.of(known),
                    patch,
                    PodStatusPatch.turns(known.getStatus(), pod.getStatus())))
        .orElseGet(Next.Rest::new);
  }

  /** Whether the answer to {@link Next.Ask} is this pod, and not another of its name. */
  boolean isOf(Pod answer) {
    return newest.filter(s -> uidHere(answer).equals(uid(s.pod()))).isPresent();
  }

  /**
   * The agent was started anew and has not looked at all containers that the pod is known to have:
   * what it says until then would only be that it does not know.
   */
  private boolean unobserved(Pod known) {
    var snapshot = newest.orElseThrow();
    var phase = snapshot.pod().getStatus().getPhase();
    return known.getStatus() != null
        && !"Failed".equals(phase)
        && !"Succeeded".equals(phase)
        && Stream.of(
                orEmpty(known.getStatus().getInitContainerStatuses()),
                orEmpty(known.getStatus().getContainerStatuses()))
            .flatMap(List::stream)
            .filter(c -> c.getContainerID() != null && !c.getContainerID().isEmpty())
            .map(ContainerStatus::getName)
            .anyMatch(name -> !snapshot.containers().containsKey(name));
  }

  /** Of that namespace and name, whichever pod it is. */
  boolean isNamed(ObjectMeta meta) {
    return newest
        .map(s -> s.pod().getMetadata())
        .filter(m -> m.getName().equals(meta.getName()))
        .filter(m -> m.getNamespace().equals(meta.getNamespace()))
        .isPresent();
  }

  boolean isStatic() {
    return newest
        .map(s -> annotations(s.pod()).getOrDefault(SOURCE, "api"))
        .filter(source -> !source.equals("api"))
        .isPresent();
  }

  private static long version(Pod pod) {
    var version = pod.getMetadata().getResourceVersion();
    return version != null && version.matches("[0-9]{1,18}") ? Long.parseLong(version) : 0;
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }

  private static Map<String, String> annotations(Pod pod) {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
