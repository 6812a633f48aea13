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
 * @param containers the last report of each container's actor
 */
record PodLife(
    Shelter shelter,
    Footing footing,
    Map<String, ContainerActor.Report> containers,
    Optional<Setback> setback) {

  static final PodLife UNKNOWN =
      new PodLife(
          new Shelter(false, Optional.empty(), 0),
          new Footing(Optional.empty(), Optional.empty(), false),
          Map.of(),
          Optional.empty());

  /**
   * The pod's sandbox as the engine last told.
   *
   * @param etcHosts the managed hosts file made for its addresses
   */
  record Sandbox(String id, int attempt, boolean live, List<String> ips, Path etcHosts) {}

  /**
   * Where containers live.
   *
   * @param known false until the engine was asked, and again when the sandbox may have changed
   * @param sandbox the one of the highest attempt
   */
  record Shelter(boolean known, Optional<Sandbox> sandbox, int nextAttempt) {
    private Shelter observed(Optional<Sandbox> newest) {
      int seen = newest.map(s -> s.attempt() + 1).orElse(0);
      return new Shelter(true, newest, Math.max(nextAttempt, seen));
    }
  }

  /**
   * What they stand on.
   *
   * @param ground cgroup and volumes, once they were set up
   * @param renewal when they are to be set up once more: at once when what they are made of has
   *     changed, later when it will
   * @param withoutVolumes certain only of a pod that is over
   */
  record Footing(Optional<Ground> ground, Optional<Instant> renewal, boolean withoutVolumes) {}

  boolean known() {
    return shelter.known();
  }

  Optional<Sandbox> sandbox() {
    return shelter.sandbox();
  }

  int nextAttempt() {
    return shelter.nextAttempt();
  }

  Optional<Ground> ground() {
    return footing.ground();
  }

  Optional<Instant> renewal() {
    return footing.renewal();
  }

  boolean withoutVolumes() {
    return footing.withoutVolumes();
  }

  PodLife forgotten() {
    var doubtful = new Shelter(false, shelter.sandbox(), shelter.nextAttempt());
    return new PodLife(doubtful, footing, containers, setback);
  }

  /** What the engine has; that says nothing about how the next step will go. */
  PodLife observed(Optional<Sandbox> newest) {
    return new PodLife(shelter.observed(newest), footing, containers, setback);
  }

  /**
   * @param until when what they are made of will have changed
   */
  PodLife on(Ground made, Optional<Instant> until) {
    return standing(new Footing(Optional.of(made), until, false));
  }

  /** Its volumes are gone, be it before this agent began. */
  PodLife released() {
    return standing(new Footing(Optional.empty(), Optional.empty(), true));
  }

  private PodLife standing(Footing newest) {
    return new PodLife(shelter, newest, containers, Optional.empty());
  }

  /** What its ground was made of has changed; a ground that could not be made is tried at once. */
  PodLife onChangedGround() {
    var due = new Footing(footing.ground(), Optional.of(Instant.MIN), footing.withoutVolumes());
    return new PodLife(shelter, due, containers, setback.filter(_ -> ground().isPresent()));
  }

  PodLife with(ContainerActor.Report report) {
    var all = new HashMap<>(containers);
    all.put(report.name(), report);
    return new PodLife(shelter, footing, Map.copyOf(all), setback);
  }

  /** Whatever the call that failed did or did not do: the engine is asked before the next one. */
  PodLife after(Setback newest) {
    return forgotten().set(Optional.of(newest));
  }

  /** Nothing that failed is to be done any more. */
  PodLife unhindered() {
    return set(Optional.empty());
  }

  PodLife set(Optional<Setback> newest) {
    return new PodLife(shelter, footing, containers, newest);
  }

  boolean lacksGround(Instant now) {
    return ground().isEmpty() || renewal().filter(at -> !now.isBefore(at)).isPresent();
  }

  /** Whether the engine has told of every container at least once. */
  boolean seen(Pod pod) {
    return PodContainers.everyone(pod)
        .map(c -> containers.get(c.getName()))
        .allMatch(report -> report != null && report.life().seen());
  }

  Optional<Habitat> habitat() {
    return ground().flatMap(g -> sandbox().map(s -> new Habitat(s.id(), s.ips(), g, s.etcHosts())));
  }
}
