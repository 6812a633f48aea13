package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerSteps.Step.Stop;
import dev.jkubelet.pod.ContainerSteps.Wish;
import java.time.Duration;
import java.util.Optional;

/**
 * What kind of call to the engine a container waits for.
 *
 * @param kind what is to come of it
 * @param stopping the instance being stopped, and within what time
 * @param outdated the spec has changed since: what the answer carries on is forgiven
 */
record EngineCall(Kind kind, Optional<Stop> stopping, boolean outdated) {
  static final EngineCall PLAIN = new EngineCall(Kind.OTHER, Optional.empty(), false);
  static final EngineCall MAKING = new EngineCall(Kind.CREATED, Optional.empty(), false);
  static final EngineCall LAUNCHING = new EngineCall(Kind.STARTED, Optional.empty(), false);

  /** What an instance is by the call, if it is anything new. */
  enum Kind {
    CREATED,
    STARTED,
    OTHER
  }

  static EngineCall stopping(Stop stop) {
    return new EngineCall(Kind.OTHER, Optional.of(stop), false);
  }

  static EngineCall killing(ContainerSteps.Step.Kill kill) {
    return stopping(new Stop(kill.id(), kill.grace()));
  }

  /** A hook runs in an instance that has just started, until it is done or the instance ends. */
  EngineCall hooking(String id) {
    return new EngineCall(Kind.STARTED, Optional.of(new Stop(id, Duration.ofDays(100))), outdated);
  }

  /** Its answer will be newer than any hint that something was created or started. */
  boolean launching() {
    return kind != Kind.OTHER;
  }

  /** Whether its answer is an instance whose hook is yet to be run. */
  boolean launched() {
    return kind == Kind.STARTED && stopping.isEmpty();
  }

  /** Whether an instance would live longer by it than is wished. */
  boolean outlasts(Wish wish) {
    return switch (wish) {
      case Wish.Halt(var limit) -> outlasts(limit);
      case Wish.End(var limit) -> outlasts(limit);
      case Wish.Nothing _, Wish.Make _, Wish.Run _ -> false;
    };
  }

  private boolean outlasts(Duration limit) {
    return stopping.filter(stop -> limit.compareTo(stop.grace()) < 0).isPresent();
  }

  /** The stop that it comes to by that wish. */
  Stop sooner(Wish wish) {
    var id = stopping.orElseThrow().id();
    return switch (wish) {
      case Wish.Halt(var limit) -> new Stop(id, limit);
      case Wish.End(var limit) -> new Stop(id, limit);
      case Wish.Nothing _, Wish.Make _, Wish.Run _ -> stopping.orElseThrow();
    };
  }

  /** The same after a change of the pod that gave the container's life another look. */
  EngineCall after(ContainerLife before, ContainerLife since) {
    return new EngineCall(kind, stopping, outdated || !before.equals(since));
  }

  ContainerLife answer(ContainerLife life) {
    return outdated ? life.forgiven() : life;
  }
}
