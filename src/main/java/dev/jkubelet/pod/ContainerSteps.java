package dev.jkubelet.pod;

import dev.jkubelet.runtime.ContainerConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a container needs next: a pure function of what is known, what is wished, and the time. */
final class ContainerSteps {
  private ContainerSteps() {}

  /** What the pod wants of a container. */
  sealed interface Wish {
    /** Be left as it is: its turn has not come. */
    record Nothing() implements Wish {}

    /** Live in that habitat. */
    sealed interface Live extends Wish {
      Habitat habitat();
    }

    /** Be made for that habitat, which is not ready yet, where it was never there. */
    record Make(Habitat habitat) implements Live {}

    /** Run in that habitat, and be restarted as the policy says. */
    record Run(Habitat habitat) implements Live {}

    /** Be dead, and still be told of. */
    record Halt(Duration grace) implements Wish {}

    /** Be dead, and forgotten. */
    record End(Duration grace) implements Wish {}
  }

  /** The next deed. */
  sealed interface Step {
    record Observe() implements Step {}

    record RemoveStrays(List<String> ids) implements Step {}

    /** Bring up the instance of that attempt: pull, create and, if it is to run already, start. */
    record Launch(int attempt, boolean afterFailure, Habitat habitat) implements Step {
      Launch in(Habitat other) {
        return new Launch(attempt, afterFailure, other);
      }
    }

    /** Start what was created before. */
    record Start(String id) implements Step {}

    /** Other amounts for what runs. */
    record Resize(String id, ContainerConfig.Resources resources) implements Step {}

    record Stop(String id, Duration grace) implements Step {}

    /**
     * Stop what must not go on, to make it anew.
     *
     * @param message the event's
     * @param atFault the container's own
     */
    record Kill(String id, Duration grace, String message, boolean atFault) implements Step {}

    record Rest(Outlook outlook) implements Step {}

    record WaitUntil(Instant at, Outlook outlook) implements Step {}

    record Ended() implements Step {}
  }

  /** What becomes of the container if nothing happens. */
  enum Outlook {
    /** Not there yet, or between two instances. */
    UNSETTLED,
    BACKING_OFF,
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  static Step next(ContainerLife life, Wish wish, RestartRule rule, Duration grace, Instant now) {
    var pause = life.setback().filter(s -> now.isBefore(s.retryAt()));
    if (pause.isPresent()) {
      return new Step.WaitUntil(pause.get().nextChange(now), Outlook.UNSETTLED);
    }
    if (!life.known()) {
      return new Step.Observe();
    }
    if (!life.strays().isEmpty()) {
      return new Step.RemoveStrays(life.strays());
    }
    return switch (wish) {
      case Wish.Nothing() -> new Step.Rest(outlook(life.current(), rule));
      case Wish.Make(var habitat) when life.current().isEmpty() ->
          new Step.Launch(life.nextAttempt(), false, habitat);
      case Wish.Make _ -> new Step.Rest(outlook(life.current(), rule));
      case Wish.Halt(var limit) ->
          life.current()
              .filter(ContainerLife.Instance::live)
              .<Step>map(i -> new Step.Stop(i.id(), limit))
              .orElseGet(() -> new Step.Rest(outlook(life.current(), rule)));
      case Wish.End(var limit) ->
          life.current()
              .filter(ContainerLife.Instance::live)
              .<Step>map(i -> new Step.Stop(i.id(), limit))
              .orElseGet(Step.Ended::new);
      case Wish.Run(var habitat) ->
          life.current()
              .map(i -> toRun(life, i, habitat, rule, grace, now))
              .orElseGet(() -> new Step.Launch(life.nextAttempt(), false, habitat));
    };
  }

  private static Step toRun(
      ContainerLife life,
      ContainerLife.Instance current,
      Habitat habitat,
      RestartRule rule,
      Duration grace,
      Instant now) {
    boolean home = current.in(habitat.sandboxId());
    if (current.live()) {
      return home ? new Step.Rest(Outlook.RUNNING) : new Step.Stop(current.id(), grace);
    }
    if (!current.dead()) {
      return home
          ? new Step.Start(current.id())
          : new Step.Launch(current.inspection().summary().attempt(), false, habitat);
    }
    if (!rule.restarts(current.inspection().exitCode(), home)) {
      return new Step.Rest(outlook(Optional.of(current), rule));
    }
    if (!home) {
      return new Step.Launch(life.nextAttempt(), false, habitat);
    }
    var until = life.backoff().map(b -> b.until(current.finishedAt())).orElse(current.finishedAt());
    return now.isBefore(until)
        ? new Step.WaitUntil(until, Outlook.BACKING_OFF)
        : new Step.Launch(life.nextAttempt(), true, habitat);
  }

  private static Outlook outlook(Optional<ContainerLife.Instance> current, RestartRule rule) {
    return current
        .map(
            i -> {
              if (i.live()) {
                return Outlook.RUNNING;
              }
              int code = i.inspection().exitCode();
              if (!i.dead() || rule.restarts(code, true)) {
                return Outlook.UNSETTLED;
              }
              return code == 0 ? Outlook.SUCCEEDED : Outlook.FAILED;
            })
        .orElse(Outlook.UNSETTLED);
  }
}
