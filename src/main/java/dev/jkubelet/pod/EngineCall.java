package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerSteps.Step.Stop;
import dev.jkubelet.pod.ContainerSteps.Wish;
import java.time.Duration;
import java.util.Optional;

/**
 * What kind of call to the engine a container waits for.
 *
 * @param launching its answer will be newer than any hint that something was created or started
 * @param stopping the instance being stopped, and within what time
 * @param outdated the spec has changed since: what the answer carries on is forgiven
 */
record EngineCall(boolean launching, Optional<Stop> stopping, boolean outdated) {
  static final EngineCall PLAIN = new EngineCall(false, Optional.empty(), false);
  static final EngineCall LAUNCHING = new EngineCall(true, Optional.empty(), false);

  static EngineCall stopping(Stop stop) {
    return new EngineCall(false, Optional.of(stop), false);
  }

  static EngineCall killing(ContainerSteps.Step.Kill kill) {
    return stopping(new Stop(kill.id(), kill.grace()));
  }

  /** A hook runs in an instance that has just started, until it is done or the instance ends. */
  EngineCall hooking(String id) {
    return new EngineCall(true, Optional.of(new Stop(id, Duration.ofDays(100))), outdated);
  }

  /** Whether its answer is an instance whose hook is yet to be run. */
  boolean launched() {
    return launching && stopping.isEmpty();
  }

  /** Whether an instance would live longer by it than is wished. */
  boolean outlasts(Wish wish) {
    return switch (wish) {
      case Wish.Halt(var limit) -> outlasts(limit);
      case Wish.End(var limit) -> outlasts(limit);
      case Wish.Nothing _, Wish.Run _ -> false;
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
      case Wish.Nothing _, Wish.Run _ -> stopping.orElseThrow();
    };
  }

  /** The same after a change of the pod that gave the container's life another look. */
  EngineCall after(ContainerLife before, ContainerLife since) {
    return new EngineCall(launching, stopping, outdated || !before.equals(since));
  }

  ContainerLife answer(ContainerLife life) {
    return outdated ? life.forgiven() : life;
  }
}
