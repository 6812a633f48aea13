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
 * @param containers the last report of each container's actor
 */
record PodLife(
    boolean known,
    Optional<Sandbox> sandbox,
    int nextAttempt,
    Optional<Ground> ground,
    Optional<Instant> renewal,
    Map<String, ContainerActor.Report> containers,
    Optional<Setback> setback) {

  static final PodLife UNKNOWN =
      new PodLife(
          false,
          Optional.empty(),
          0,
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Optional.empty());

  /**
   * The pod's sandbox as the engine last told.
   *
   * @param etcHosts the managed hosts file made for its addresses
   */
  record Sandbox(String id, int attempt, boolean live, List<String> ips, Optional<Path> etcHosts) {}

  PodLife forgotten() {
    return new PodLife(false, sandbox, nextAttempt, ground, renewal, containers, setback);
  }

  PodLife observed(Optional<Sandbox> newest) {
    int seen = newest.map(s -> s.attempt() + 1).orElse(0);
    return new PodLife(
        true, newest, Math.max(nextAttempt, seen), ground, renewal, containers, Optional.empty());
  }

  /**
   * @param until when what they are made of will have changed
   */
  PodLife on(Ground made, Optional<Instant> until) {
    return new PodLife(
        known, sandbox, nextAttempt, Optional.of(made), until, containers, Optional.empty());
  }

  PodLife with(ContainerActor.Report report) {
    var all = new HashMap<>(containers);
    all.put(report.name(), report);
    return new PodLife(known, sandbox, nextAttempt, ground, renewal, Map.copyOf(all), setback);
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
        known, sandbox, nextAttempt, ground, renewal, containers, Optional.of(newest));
  }

  PodLife unhindered() {
    return new PodLife(known, sandbox, nextAttempt, ground, renewal, containers, Optional.empty());
  }

  Optional<Habitat> habitat() {
    return ground.flatMap(g -> sandbox.map(s -> new Habitat(s.id(), s.ips(), g, s.etcHosts())));
  }
}
