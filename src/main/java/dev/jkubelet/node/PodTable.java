package dev.jkubelet.node;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.node.PodPlan.Entry;
import dev.jkubelet.node.PodPlan.Stage;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** The node's pods: where each stands, and what is told of it. Confined to the node's actor. */
final class PodTable {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, PodSnapshot> snapshots = new LinkedHashMap<>();

  Map<String, Entry> entries() {
    return Map.copyOf(entries);
  }

  /** Whether it is wanted, or dealt with. */
  boolean has(String uid) {
    return entries.containsKey(uid) || snapshots.containsKey(uid);
  }

  List<PodSnapshot> all() {
    return List.copyOf(snapshots.values());
  }

  Optional<PodSnapshot> find(String namespace, String name) {
    return snapshots.values().stream()
        .filter(
            s ->
                Objects.equals(s.pod().getMetadata().getName(), name)
                    && Objects.equals(s.pod().getMetadata().getNamespace(), namespace))
        .findFirst();
  }

  /** UIDs of pods that have succeeded or failed, and hold nothing. */
  Set<String> over() {
    return uids(PodTable::isOver);
  }

  /** UIDs of pods that have failed for a critical one, which still waits for their end. */
  Set<String> leaving() {
    return uids(PodTable::isLeaving);
  }

  private Set<String> uids(Predicate<PodSnapshot> which) {
    return snapshots.entrySet().stream()
        .filter(e -> which.test(e.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Whether it is known that the pod has succeeded or failed, and holds nothing. */
  boolean isOver(Pod pod) {
    return Optional.ofNullable(snapshots.get(uid(pod))).filter(PodTable::isOver).isPresent();
  }

  private static boolean isOver(PodSnapshot snapshot) {
    return PodChanges.over(snapshot.pod()) && !isLeaving(snapshot);
  }

  private static boolean isLeaving(PodSnapshot snapshot) {
    return PodChanges.over(snapshot.pod())
        && Preemption.REASON.equals(snapshot.pod().getStatus().getReason())
        && snapshot.containers().values().stream()
            .flatMap(container -> container.current().stream())
            .anyMatch(ContainerSnapshot.Instance::running);
  }

  /** UIDs of the pods of which something may run here. */
  Set<String> alive() {
    var alive = new HashSet<String>();
    entries.values().stream()
        .filter(entry -> entry.actor().isPresent())
        .forEach(entry -> alive.add(entry.key().uid()));
    alive.removeAll(over());
    return alive;
  }

  /** The pods that are not the API server's. */
  PodReport.Statics statics(Collection<Pod> wanted, boolean complete) {
    var ending =
        entries.values().stream()
            .filter(e -> e.is(Stage.ENDING) && e.pod().filter(PodChanges::fromApi).isEmpty())
            .map(Entry::name)
            .collect(Collectors.toSet());
    return new PodReport.Statics(
        wanted.stream().filter(pod -> !PodChanges.fromApi(pod)).toList(), ending, complete);
  }

  /**
   * Nothing is told any more of others.
   *
   * @return the UIDs of those
   */
  Set<String> tellOnlyOf(Collection<Pod> wanted) {
    var gone = new HashSet<>(snapshots.keySet());
    wanted.forEach(pod -> gone.remove(uid(pod)));
    snapshots.keySet().removeAll(gone);
    return gone;
  }

  /** A pod of which nothing is known but that it is wanted. */
  void expect(Pod pod) {
    snapshots.putIfAbsent(uid(pod), new PodSnapshot(pod, Map.of()));
  }

  void started(Pod pod, ActorRef<PodActor.Command> actor) {
    expect(pod);
    put(PodKey.of(pod), Optional.of(pod), Stage.ACTIVE, Optional.of(actor));
  }

  void removing(PodKey key, ActorRef<PodActor.Command> actor) {
    put(key, Optional.empty(), Stage.ENDING, Optional.of(actor));
  }

  PodSnapshot refused(Pod refused) {
    var snapshot = new PodSnapshot(refused, Map.of());
    snapshots.put(uid(refused), snapshot);
    put(PodKey.of(refused), Optional.of(refused), Stage.REFUSED, Optional.empty());
    return snapshot;
  }

  void desired(Pod newer) {
    entries.computeIfPresent(uid(newer), (_, entry) -> entry.desiring(newer));
  }

  void ending(Pod pod, Duration grace) {
    entries.computeIfPresent(uid(pod), (_, entry) -> entry.desiring(pod).endingWithin(grace));
    snapshots.computeIfPresent(uid(pod), (_, snapshot) -> upToDate(snapshot));
  }

  /** Nothing is left of it. */
  PodSnapshot finished(Pod pod) {
    put(PodKey.of(pod), Optional.of(pod), Stage.ENDED, Optional.empty());
    expect(pod);
    return upToDate(snapshots.get(uid(pod)));
  }

  void forget(String uid) {
    entries.remove(uid);
  }

  /** What is to be told now; empty when nobody wants to know of that pod any more. */
  Optional<PodSnapshot> changed(PodSnapshot told) {
    var snapshot = upToDate(told);
    return Optional.ofNullable(snapshots.replace(uid(told.pod()), snapshot)).map(_ -> snapshot);
  }

  void tell(String uid, PodActor.Command command) {
    Optional.ofNullable(entries.get(uid)).flatMap(Entry::actor).ifPresent(a -> a.tell(command));
  }

  /** The pod's actor need not know that it was marked for deletion; who asks here must. */
  private PodSnapshot upToDate(PodSnapshot snapshot) {
    return Optional.ofNullable(entries.get(uid(snapshot.pod())))
        .flatMap(Entry::pod)
        .filter(pod -> !pod.getMetadata().equals(snapshot.pod().getMetadata()))
        .map(
            pod ->
                new PodSnapshot(
                    new PodBuilder(pod).withStatus(snapshot.pod().getStatus()).build(),
                    snapshot.containers()))
        .orElse(snapshot);
  }

  private void put(
      PodKey key, Optional<Pod> pod, Stage stage, Optional<ActorRef<PodActor.Command>> actor) {
    entries.put(key.uid(), new Entry(key, pod, stage, Optional.empty(), actor));
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
