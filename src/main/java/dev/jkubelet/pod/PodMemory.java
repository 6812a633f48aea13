package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What a pod's actor knows even after it failed and was restarted: what is desired, what was told
 * of it, and whether it is to end. Confined to that actor.
 */
final class PodMemory {
  private final PodServices services;
  private final ActorRef<PodSnapshot> node;
  private Pod pod;
  private PodCalls calls;
  private PodStatus status;
  private Optional<PodSnapshot> told = Optional.empty();
  private Optional<Duration> ending = Optional.empty();
  private Optional<Waiting> eviction = Optional.empty();
  private Optional<Duration> evictedWithin = Optional.empty();

  /**
   * @param pod with the status that was last told of it, if any: it is carried on, so that a
   *     restart of the agent changes no time and no condition
   */
  PodMemory(Pod pod, PodServices services, ActorRef<PodSnapshot> node) {
    this.services = services;
    this.node = node;
    this.pod = pod;
    this.calls = new PodCalls(pod, services);
    this.status = pod.getStatus();
  }

  Pod pod() {
    return pod;
  }

  PodCalls calls() {
    return calls;
  }

  PodServices services() {
    return services;
  }

  /** The grace that is left to the pod, once it is to end. */
  Optional<Duration> ending() {
    return ending;
  }

  /** A later word counts only if it leaves less time; none is the pod's own. */
  Duration endWithin(Optional<Duration> given) {
    var grace = given.orElseGet(calls::grace);
    var least = ending.filter(known -> known.compareTo(grace) < 0).orElse(grace);
    ending = Optional.of(least);
    return least;
  }

  /** Of the newer object's status only what others say in it is news. */
  void desire(Pod newer) {
    status = PodStatuses.withConditionsOfOthers(status, newer.getStatus());
    pod = newer;
    calls = new PodCalls(newer, services);
  }

  /** It has failed; only the first word counts, and none about a pod that is over. */
  void evict(PodActor.Evict evict) {
    if (!over() && eviction.isEmpty()) {
      services.events().record(pod, "", "Warning", evict.reason(), evict.message());
      eviction = Optional.of(new Waiting(evict.reason(), evict.message()));
      evictedWithin = Optional.of(evict.grace());
    }
  }

  /** What the containers of a pod that is over have to end. */
  Duration haltWithin() {
    return evictedWithin.orElseGet(calls::grace);
  }

  /** It succeeded or failed, and never runs again. */
  boolean over() {
    return PodStatuses.over(status);
  }

  /** When a pod that may run for a limited time has had it. */
  Optional<Duration> timeLeft() {
    return over()
        ? Optional.empty()
        : PodDeadline.of(pod, status).map(at -> Duration.between(services.clock().instant(), at));
  }

  /**
   * Tells the node of what has changed, but never of a pod that has not been seen yet: what it was
   * before the agent started stands until the engine says otherwise.
   */
  void publish(PodLife life) {
    if (life.seen(pod)) {
      tell(
          life,
          PodStatuses.settled(status)
              ? LateKills.told(status, life)
              : calls.status(life, status, eviction));
    }
  }

  /** Tells of the end: no container lives, whether or not it was seen to die. */
  void publishLast(PodLife life) {
    publish(life);
    tell(life, PodStatuses.ended(status));
  }

  private void tell(PodLife life, PodStatus next) {
    if (PodDeadline.exceeded(next) && !PodDeadline.exceeded(status)) {
      services
          .events()
          .record(pod, "", "Normal", PodDeadline.VERDICT.reason(), PodDeadline.VERDICT.message());
    }
    status = next;
    var snapshot = calls.snapshot(life, next);
    if (!told.equals(Optional.of(snapshot))) {
      told = Optional.of(snapshot);
      services.spans().told(pod, next.getPhase());
      node.tell(snapshot);
    }
  }
}
