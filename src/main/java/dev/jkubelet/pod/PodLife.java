package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.pod.Habitat.Ground;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a pod as a whole.
 *
 * @param known false until the engine was asked, and again when the sandbox may have changed
 * @param sandbox the one of the highest attempt
 * @param ground cgroup and volumes, once they were set up
 * @param renewal when they are to be set up once more: at once when what they are made of has
 *     changed, later when it will
 * @param withoutVolumes certain only of a pod that is over
 * @param containers the last report of each container's actor
 */
record PodLife(
    boolean known,
    Optional<Sandbox> sandbox,
    int nextAttempt,
    Optional<Ground> ground,
    Optional<Instant> renewal,
    Map<String, ContainerActor.Report> containers,
    boolean withoutVolumes,
    Optional<Setback> setback) {

  static final PodLife UNKNOWN =
      new PodLife(
          false,
          Optional.empty(),
          0,
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          false,
          Optional.empty());

  /**
   * The pod's sandbox as the engine last told.
   *
   * @param etcHosts the managed hosts file made for its addresses
   */
  record Sandbox(String id, int attempt, boolean live, List<String> ips, Optional<Path> etcHosts) {}

  PodLife forgotten() {
    return new PodLife(
        false, sandbox, nextAttempt, ground, renewal, containers, withoutVolumes, setback);
  }

  PodLife observed(Optional<Sandbox> newest) {
    int seen = newest.map(s -> s.attempt() + 1).orElse(0);
    return new PodLife(
        true,
        newest,
        Math.max(nextAttempt, seen),
        ground,
        renewal,
        containers,
        withoutVolumes,
        Optional.empty());
  }

  /**
   * @param until when what they are made of will have changed
   */
  PodLife on(Ground made, Optional<Instant> until) {
    return new PodLife(
        known, sandbox, nextAttempt, Optional.of(made), until, containers, false, Optional.empty());
  }

  PodLife with(ContainerActor.Report report) {
    var all = new HashMap<>(containers);
    all.put(report.name(), report);
    return new PodLife(
        known, sandbox, nextAttempt, ground, renewal, Map.copyOf(all), withoutVolumes, setback);
  }

  /** What its ground was made of has changed; a ground that could not be made is tried at once. */
  PodLife onChangedGround() {
    return new PodLife(
        known,
        sandbox,
        nextAttempt,
        ground,
        Optional.of(Instant.MIN),
        containers,
        withoutVolumes,
        ground.isEmpty() ? Optional.empty() : setback);
  }

  boolean lacksGround(Instant now) {
    return ground.isEmpty() || renewal.filter(at -> !now.isBefore(at)).isPresent();
  }

  /** Whether the engine has told of every container at least once. */
  boolean seen(Pod pod) {
    return PodContainers.everyone(pod)
        .map(c -> containers.get(c.getName()))
        .allMatch(report -> report != null && report.life().seen());
  }

  PodLife set(Setback newest) {
    return new PodLife(
        known,
        sandbox,
        nextAttempt,
        ground,
        renewal,
        containers,
        withoutVolumes,
        Optional.of(newest));
  }

  /** Its volumes are gone, be it before this agent began. */
  PodLife released() {
    return new PodLife(
        known,
        sandbox,
        nextAttempt,
        Optional.empty(),
        Optional.empty(),
        containers,
        true,
        Optional.empty());
  }

  Optional<Habitat> habitat() {
    return ground.flatMap(g -> sandbox.map(s -> new Habitat(s.id(), s.ips(), g, s.etcHosts())));
  }
}
