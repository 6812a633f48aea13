package dev.jkubelet.node;

import dev.jkubelet.model.OomScore;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.node.Admission.Refusal;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodGrace;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What is to be done so that the node's pods are those that the sources want: a pure function of
 * what is wanted, what there is, and the node.
 *
 * @param wanted no UID twice
 * @param entries by UID
 * @param over UIDs of pods that have succeeded or failed: they hold nothing
 * @param leaving UIDs of pods that have failed for a critical one and still end
 * @param live UIDs of pods of which the engine runs something; empty before it was asked
 * @param node as far as it is known without the API server
 * @param registered as the API server has it; empty before it told
 */
record PodPlan(
    Collection<Pod> wanted,
    Map<String, Entry> entries,
    Set<String> over,
    Set<String> leaving,
    Optional<Set<String>> live,
    AdmissionNode node,
    Optional<AdmissionNode> registered) {

  /** Where a pod stands. */
  enum Stage {
    ACTIVE,
    ENDING,
    /** Not admitted. */
    REFUSED,
    /** Nothing is left of it here, but the API server has not forgotten it yet. */
    ENDED
  }

  /**
   * A pod that has been dealt with.
   *
   * @param pod as it was last desired; empty for one found by its traces alone
   * @param grace what it was last given to end
   * @param actor empty when nothing of it runs
   */
  record Entry(
      PodKey key,
      Optional<Pod> pod,
      Stage stage,
      Optional<Duration> grace,
      Optional<ActorRef<PodActor.Command>> actor) {

    Entry desiring(Pod newer) {
      return new Entry(key, Optional.of(newer), stage, grace, actor);
    }

    Entry endingWithin(Duration limit) {
      return new Entry(key, pod, Stage.ENDING, Optional.of(limit), actor);
    }

    boolean is(Stage other) {
      return stage == other;
    }

    String name() {
      return key.namespace() + "/" + key.name();
    }
  }

  /** One thing to do. */
  sealed interface Deed {
    record Start(Pod pod) implements Deed {}

    record Refuse(Pod pod, Refusal refusal) implements Deed {}

    /** Its time has not come. */
    record Postpone(Pod pod) implements Deed {}

    /** It fails, for a critical pod needs what it takes. */
    record Preempt(Pod pod) implements Deed {}

    record Update(Pod pod) implements Deed {}

    record End(Pod pod, Duration grace) implements Deed {}

    /** Deleted before anything of it ran here. */
    record Finish(Pod pod) implements Deed {}

    record Forget(PodKey pod) implements Deed {}
  }

  /** In the order they are to be done: first what ends, then what begins, the oldest first. */
  List<Deed> deeds() {
    var deeds = new ArrayList<Deed>();
    var byUid = wanted.stream().collect(Collectors.toMap(p -> p.getMetadata().getUid(), p -> p));
    entries.values().stream()
        .filter(e -> !byUid.containsKey(e.key().uid()))
        .forEach(e -> unwanted(e).ifPresent(deeds::add));
    var blocked =
        entries.values().stream()
            .filter(e -> e.is(Stage.ENDING) || !byUid.containsKey(e.key().uid()))
            .filter(e -> e.actor().isPresent())
            .map(Entry::name)
            .collect(Collectors.toSet());
    var active = new ArrayList<Pod>(active());
    wanted.stream()
        .filter(p -> entries.containsKey(p.getMetadata().getUid()))
        .forEach(p -> known(entries.get(p.getMetadata().getUid()), p).ifPresent(deeds::add));
    wanted.stream()
        .filter(p -> !entries.containsKey(p.getMetadata().getUid()))
        .sorted(Comparator.comparing((Pod p) -> !admitted(p)).thenComparing(PodPlan::age))
        .forEach(p -> begin(p, blocked, active, deeds));
    return deeds;
  }

  /** The pods that hold the node's resources; one that nobody wants any more holds none. */
  List<Pod> active() {
    var uids = wanted.stream().map(p -> p.getMetadata().getUid()).collect(Collectors.toSet());
    return entries.values().stream()
        .filter(e -> e.is(Stage.ACTIVE) || e.is(Stage.ENDING))
        .filter(e -> uids.contains(e.key().uid()))
        .filter(e -> !over.contains(e.key().uid()))
        .flatMap(e -> e.pod().stream())
        .toList();
  }

  /** A pod that vanished ends as its last version says. */
  private static Optional<Deed> unwanted(Entry entry) {
    return switch (entry.stage()) {
      case ACTIVE -> entry.pod().map(last -> new Deed.End(last, PodGrace.of(last)));
      case ENDING -> Optional.empty();
      case REFUSED, ENDED -> Optional.of(new Deed.Forget(entry.key()));
    };
  }

  private Optional<Deed> known(Entry entry, Pod pod) {
    boolean deleted = PodChanges.deleted(pod);
    return switch (entry.stage()) {
      case ACTIVE -> {
        if (deleted) {
          yield Optional.of(new Deed.End(pod, PodGrace.of(pod)));
        }
        yield entry
            .pod()
            .flatMap(
                last -> {
                  var sized = sized(pod, last);
                  return PodChanges.matter(last, sized)
                      ? Optional.of(new Deed.Update(sized))
                      : Optional.empty();
                });
      }
      case ENDING -> {
        var grace = PodGrace.of(pod);
        boolean less = entry.grace().filter(known -> grace.compareTo(known) < 0).isPresent();
        yield deleted && less ? Optional.of(new Deed.End(pod, grace)) : Optional.empty();
      }
      case REFUSED -> deleted ? Optional.of(new Deed.Finish(pod)) : Optional.empty();
      case ENDED -> Optional.empty();
    };
  }

  /** With as much as the node can give it. */
  private Pod sized(Pod pod, Pod last) {
    if (PodContainers.all(pod).noneMatch(PodContainers::isResizable)) {
      return pod;
    }
    var others =
        active().stream()
            .filter(other -> !other.getMetadata().getUid().equals(pod.getMetadata().getUid()))
            .toList();
    return PodSize.of(pod, last, others, registered.orElse(node));
  }

  /** A pod whose predecessor of the same name is still ending waits for its end. */
  private void begin(Pod pod, Set<String> blocked, List<Pod> active, List<Deed> deeds) {
    var key = PodKey.of(pod);
    if (blocked.contains(key.namespace() + "/" + key.name())) {
      deeds.add(new Deed.Postpone(pod));
    } else if (PodChanges.deleted(pod)) {
      deeds.add(new Deed.Start(pod));
      deeds.add(new Deed.End(pod, PodGrace.of(pod)));
    } else if (PodChanges.over(pod)) {
      deeds.add(new Deed.Start(pod));
    } else {
      var deed = admitted(pod) ? new Deed.Start(sized(pod, PodSize.told(pod))) : admit(pod, active);
      if (deed instanceof Deed.Refuse && OomScore.isCritical(pod)) {
        preempt(pod, active, deeds);
        return;
      }
      deeds.add(deed);
      if (deed instanceof Deed.Start) {
        active.add(pod);
      }
    }
  }

  /** Those that have to make room keep it until they have ended; then the pod is weighed anew. */
  private void preempt(Pod pod, List<Pod> active, List<Deed> deeds) {
    active.removeIf(other -> leaving.contains(other.getMetadata().getUid()));
    var weighed = registered.orElse(node);
    var refusal = Admission.refuse(pod, active, weighed);
    var preemption =
        refusal.isPresent()
            ? Preemption.of(pod, active, weighed)
            : new Preemption.Victims(List.of());
    switch (preemption) {
      case Preemption.None() -> deeds.add(new Deed.Refuse(pod, refusal.orElseThrow()));
      case Preemption.Impossible(var impossible) -> deeds.add(new Deed.Refuse(pod, impossible));
      case Preemption.Victims(var victims) -> {
        victims.forEach(victim -> deeds.add(new Deed.Preempt(victim)));
        deeds.add(new Deed.Postpone(pod));
        active.removeAll(victims);
        active.add(pod);
      }
    }
  }

  /**
   * Nobody is refused before it is known whether the pod runs already, nor by labels that the API
   * server has not told yet.
   */
  private Deed admit(Pod pod, List<Pod> active) {
    if (PodChanges.fromApi(pod) && registered.isEmpty()) {
      return new Deed.Postpone(pod);
    }
    return Admission.refuse(pod, active, registered.orElse(node))
        .<Deed>map(
            refusal -> live.isPresent() ? new Deed.Refuse(pod, refusal) : new Deed.Postpone(pod))
        .orElseGet(() -> new Deed.Start(pod));
  }

  /** A pod that was started once, be it by an agent that is gone, is not weighed again. */
  private boolean admitted(Pod pod) {
    boolean started = pod.getStatus() != null && pod.getStatus().getStartTime() != null;
    return started || live.filter(uids -> uids.contains(pod.getMetadata().getUid())).isPresent();
  }

  /** What has no time of creation comes from this very node, and first. */
  private static String age(Pod pod) {
    return Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), "");
  }
}
