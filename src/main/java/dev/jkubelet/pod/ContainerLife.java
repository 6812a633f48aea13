package dev.jkubelet.pod;

import dev.jkubelet.model.Backoff;
import dev.jkubelet.runtime.ContainerInspection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one container of a pod.
 *
 * @param known false until the engine was asked, and again after a call whose outcome is unknown
 * @param current the instance of the highest attempt
 * @param previous the one before it, if the engine still has it
 * @param strays instances that should not be: live ones beside the current
 * @param nextAttempt the attempt of the next instance: one more than any ever seen
 * @param backoff how long to wait after the next failure; empty before the first restart
 * @param setback why the last step failed and when to try again
 */
record ContainerLife(
    boolean known,
    Optional<Instance> current,
    Optional<Instance> previous,
    List<String> strays,
    int nextAttempt,
    Optional<Backoff> backoff,
    Optional<Setback> setback) {

  /** An instance and what it left in its termination log. */
  record Instance(ContainerInspection inspection, Optional<String> terminationMessage) {
    String id() {
      return inspection.id();
    }

    /**
     * Running, or (paused, being removed) not known to be dead: nothing may take its name's place.
     */
    boolean live() {
      return switch (inspection.state()) {
        case RUNNING, UNKNOWN -> true;
        case CREATED, EXITED -> false;
      };
    }

    /**
     * A container that could not be started stays CREATED in Docker, with the exit code of the
     * attempt.
     */
    boolean dead() {
      return switch (inspection.state()) {
        case EXITED -> true;
        case CREATED -> inspection.exitCode() != 0 || !inspection.error().isEmpty();
        case RUNNING, UNKNOWN -> false;
      };
    }

    /** Started, or tried to be. */
    boolean begun() {
      return live() || dead();
    }

    boolean in(String sandboxId) {
      return inspection.summary().sandboxId().equals(sandboxId);
    }

    Instant finishedAt() {
      return inspection.finishedAt().orElse(inspection.summary().createdAt());
    }
  }

  static final ContainerLife UNKNOWN =
      new ContainerLife(
          false,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          0,
          Optional.empty(),
          Optional.empty());

  /**
   * Whether the engine was ever asked with success; a failure that is the container's own tells as
   * much.
   */
  boolean seen() {
    return known || current.isPresent() || setback.filter(s -> s.waiting().isPresent()).isPresent();
  }

  /** The spec is another one: what was held against the old one is forgiven. */
  ContainerLife forgiven() {
    return new ContainerLife(
        known, current, previous, strays, nextAttempt, Optional.empty(), Optional.empty());
  }

  ContainerLife forgotten() {
    return new ContainerLife(false, current, previous, strays, nextAttempt, backoff, setback);
  }

  ContainerLife observed(
      Optional<Instance> newest, Optional<Instance> before, List<String> others) {
    int seen = newest.map(i -> i.inspection().summary().attempt() + 1).orElse(0);
    return new ContainerLife(
        true, newest, before, others, Math.max(nextAttempt, seen), backoff, Optional.empty());
  }

  ContainerLife withCurrent(Instance instance) {
    return new ContainerLife(
        true,
        Optional.of(instance),
        previous,
        strays,
        Math.max(nextAttempt, instance.inspection().summary().attempt() + 1),
        backoff,
        Optional.empty());
  }

  /** A new instance took over: the last one is now the previous. */
  ContainerLife succeededBy(Instance instance) {
    if (current.isEmpty() || current.get().id().equals(instance.id())) {
      return withCurrent(instance);
    }
    return new ContainerLife(
        true,
        Optional.of(instance),
        current,
        List.of(),
        Math.max(nextAttempt, instance.inspection().summary().attempt() + 1),
        backoff,
        Optional.empty());
  }

  ContainerLife withoutStrays() {
    return new ContainerLife(
        known, current, previous, List.of(), nextAttempt, backoff, Optional.empty());
  }

  ContainerLife backingOff(Backoff next) {
    return new ContainerLife(
        known, current, previous, strays, nextAttempt, Optional.of(next), setback);
  }

  ContainerLife set(Optional<Setback> newest) {
    return new ContainerLife(known, current, previous, strays, nextAttempt, backoff, newest);
  }
}
