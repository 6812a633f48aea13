package dev.jkubelet.node;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The guardian of all pods of the node: what the sources want is run, what they no longer want is
 * ended, and what nobody ever wanted but the engine, the disk or the cgroups still have is removed,
 * once every source has spoken.
 */
public final class NodeActor extends AbstractMatchingBehavior<NodeActor.Command> {
  /** What the node can be told and asked. */
  public sealed interface Command {}

  /**
   * The whole desired set of one source ({@code file}, {@code http} or {@code api}), validated and
   * defaulted; it replaces that source's last one.
   */
  public record SetPods(String source, List<Pod> pods) implements Command {}

  /** Every pod of every source with its status, in no particular order. */
  public record GetPods(ActorRef<List<PodSnapshot>> replyTo) implements Command {}

  /** The pod of that namespace and name. */
  public record GetPod(String namespace, String name, ActorRef<Optional<PodSnapshot>> replyTo)
      implements Command {}

  /** How the node is. */
  public record GetHealth(ActorRef<NodeHealth> replyTo) implements Command {}

  record EngineHint(RuntimeEvent event) implements Command {}

  record EngineListed(List<ContainerSummary> all) implements Command {}

  record EngineHealth(Optional<String> problem) implements Command {}

  private record PodChanged(PodSnapshot snapshot) implements Command {}

  private record PodEnded(String uid) implements Command {}

  private record Leftovers(Collection<String> uids) implements Command {}

  private record Logged(String what, Throwable failure) implements Command {}

  private record Entry(ActorRef<PodActor.Command> actor, PodKey key, boolean ending) {}

  private final PodServices services;
  private final int maxPods;
  private final Set<String> silent;
  private final ActorRef<PodSnapshot> changes;
  private final Map<String, List<Pod>> desired = new HashMap<>();
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, PodSnapshot> snapshots = new LinkedHashMap<>();
  private Optional<String> engineProblem =
      Optional.of("the container runtime has not answered yet");
  private Optional<Map<String, List<ContainerSummary>>> listed = Optional.empty();
  private boolean leftoversAsked;

  private NodeActor(
      ActorContext<Command> context, PodServices services, int maxPods, Set<String> sources) {
    super(context);
    this.services = services;
    this.maxPods = maxPods;
    this.silent = new HashSet<>(sources);
    this.changes = context.messageAdapter(PodSnapshot.class, PodChanged::new);
  }

  /**
   * A node without pods yet.
   *
   * @param sources the names of the sources that will speak; nothing is removed before all have
   */
  public static Behavior<Command> create(PodServices services, int maxPods, Set<String> sources) {
    return Behaviors.setup(context -> new NodeActor(context, services, maxPods, sources));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case SetPods(var source, var pods) -> onSetPods(source, pods);
      case GetPods(var replyTo) -> replyTo.tell(List.copyOf(snapshots.values()));
      case GetPod(var namespace, var name, var replyTo) -> replyTo.tell(find(namespace, name));
      case GetHealth(var replyTo) -> replyTo.tell(new NodeHealth(engineProblem, Optional.empty()));
      case EngineHint(var event) -> onEngineHint(event);
      case EngineListed(var all) -> onEngineListed(all);
      case EngineHealth(var problem) -> engineProblem = problem;
      case PodChanged(var snapshot) ->
          snapshots.replace(snapshot.pod().getMetadata().getUid(), snapshot);
      case PodEnded(var uid) -> {
        entries.remove(uid);
        reconcile();
      }
      case Leftovers(var uids) ->
          uids.stream()
              .filter(uid -> !entries.containsKey(uid))
              .forEach(uid -> reap(new PodKey("", "", uid)));
      case Logged(var what, var failure) -> {
        if (failure != null) {
          getContext().getLog().warn("{}: {}", what, failure.toString());
        }
      }
    }
    return this;
  }

  private void onSetPods(String source, List<Pod> pods) {
    desired.put(source, pods);
    boolean last = silent.remove(source) && silent.isEmpty();
    reconcile();
    if (last) {
      removeUnwanted();
    }
  }

  private void reconcile() {
    var wanted = new LinkedHashMap<String, Pod>();
    desired.values().stream()
        .flatMap(List::stream)
        .forEach(pod -> wanted.putIfAbsent(pod.getMetadata().getUid(), pod));
    snapshots.keySet().retainAll(wanted.keySet());
    entries.replaceAll(
        (uid, entry) -> entry.ending() || wanted.containsKey(uid) ? entry : end(entry));
    var blocked =
        entries.values().stream()
            .filter(Entry::ending)
            .map(NodeActor::name)
            .collect(Collectors.toSet());
    for (var pod : wanted.values()) {
      admit(pod, blocked);
    }
    getContext()
        .pipeToSelf(
            services.cgroups().updateQos(wanted.values()),
            (_, failure) -> new Logged("QoS cgroups", failure));
  }

  /** A pod whose predecessor of the same name is still ending waits for its end. */
  private void admit(Pod pod, Set<String> blocked) {
    var key = PodKey.of(pod);
    if (entries.containsKey(key.uid())) {
      return;
    }
    snapshots.putIfAbsent(key.uid(), new PodSnapshot(pod, Map.of()));
    if (blocked.contains(key.namespace() + "/" + key.name())) {
      return;
    }
    long active = entries.values().stream().filter(e -> !e.ending()).count();
    if (active >= maxPods) {
      snapshots.put(key.uid(), Admission.outOfPods(pod, active, maxPods));
      return;
    }
    spawn(key, PodActor.create(pod, services, changes), false);
  }

  private Entry end(Entry entry) {
    entry.actor().tell(new PodActor.Terminate());
    return new Entry(entry.actor(), entry.key(), true);
  }

  private void reap(PodKey key) {
    getContext().getLog().info("pod {} is wanted by no source: removing what is left of it", key);
    spawn(key, PodActor.orphan(key, services), true);
  }

  private void spawn(PodKey key, Behavior<PodActor.Command> behavior, boolean ending) {
    var actor = getContext().spawn(behavior, "pod-" + key.uid());
    getContext().watchWith(actor, new PodEnded(key.uid()));
    entries.put(key.uid(), new Entry(actor, key, ending));
  }

  private void onEngineHint(RuntimeEvent event) {
    Optional.ofNullable(entries.get(event.podUid()))
        .ifPresent(e -> e.actor().tell(new PodActor.EngineHint(event)));
  }

  private void onEngineListed(List<ContainerSummary> all) {
    var byPod = all.stream().collect(Collectors.groupingBy(s -> s.pod().uid()));
    entries.forEach(
        (uid, entry) ->
            entry.actor().tell(new PodActor.Relisted(byPod.getOrDefault(uid, List.of()))));
    services.metrics().running(all);
    listed = Optional.of(byPod);
    removeUnwanted();
  }

  /**
   * Only once the engine was asked and every source has spoken: before that, nobody knows what is
   * wanted.
   */
  private void removeUnwanted() {
    if (!silent.isEmpty() || listed.isEmpty()) {
      return;
    }
    listed
        .get()
        .forEach(
            (uid, containers) -> {
              if (!entries.containsKey(uid)) {
                reap(containers.getFirst().pod());
              }
            });
    if (!leftoversAsked) {
      leftoversAsked = true;
      askForLeftovers();
    }
  }

  /** Folders and cgroups of pods that ended while nobody looked. */
  private void askForLeftovers() {
    getContext()
        .pipeToSelf(
            services
                .volumes()
                .podUids()
                .thenCombine(
                    services.cgroups().podUids(),
                    (folders, cgroups) -> {
                      var uids = new ArrayList<>(folders);
                      uids.addAll(cgroups);
                      return Set.copyOf(uids);
                    }),
            (uids, failure) ->
                failure == null
                    ? new Leftovers(uids)
                    : new Logged("looking for leftovers of pods", failure));
  }

  private Optional<PodSnapshot> find(String namespace, String name) {
    return snapshots.values().stream()
        .filter(
            s ->
                Objects.equals(s.pod().getMetadata().getName(), name)
                    && Objects.equals(s.pod().getMetadata().getNamespace(), namespace))
        .findFirst();
  }

  private static String name(Entry entry) {
    return entry.key().namespace() + "/" + entry.key().name();
  }
}
