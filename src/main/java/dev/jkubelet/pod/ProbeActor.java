package dev.jkubelet.pod;

import dev.jkubelet.probe.ProbeOutcome;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One probe of one instance of a container: looks at it once a period, one look at a time, and
 * tells when enough of them agree. A look that hangs costs nothing but its own next turns.
 */
final class ProbeActor {
  /** What a probe hears; nobody but itself has anything to say. */
  sealed interface Command {}

  private enum Due implements Command {
    INSTANCE
  }

  private record Looked(ProbeOutcome outcome) implements Command {}

  /** As many looks in a row as it takes came to the same; told again with every further one. */
  record Verdict(ProbeKind kind, String containerId, boolean success) {}

  private final ActorContext<Command> context;
  private final ProbeCalls calls;
  private final ActorRef<Verdict> owner;
  private ProbeTally tally = ProbeTally.NONE;
  private Instant last = Instant.MIN;
  private boolean looking;

  private ProbeActor(ActorContext<Command> context, ProbeCalls calls, ActorRef<Verdict> owner) {
    this.context = context;
    this.calls = calls;
    this.owner = owner;
  }

  /**
   * Looks until it is stopped.
   *
   * @param first when to look for the first time, from now
   */
  static Behavior<Command> create(ProbeCalls calls, Duration first, ActorRef<Verdict> owner) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerAtFixedRate(Due.INSTANCE, first, calls.period());
                  var actor = new ProbeActor(context, calls, owner);
                  return Behaviors.receive(Command.class)
                      .onAnyMessage(actor::on)
                      .onSignal(PostStop.class, _ -> actor.ended())
                      .build();
                }));
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Due _ when looking || tooSoon() -> {}
      case Due _ -> {
        looking = true;
        last = calls.now();
        context.pipeToSelf(
            calls.look(context.getSystem()),
            (outcome, failure) ->
                new Looked(
                    failure == null ? outcome : new ProbeOutcome.Unknown(failure.toString())));
      }
      case Looked(var outcome) -> {
        looking = false;
        calls.tell(outcome);
        switch (outcome) {
          case ProbeOutcome.Success _, ProbeOutcome.Warning _ -> count(true);
          case ProbeOutcome.Failure _ -> count(false);
          case ProbeOutcome.Unknown _ -> {}
        }
      }
    }
    return Behaviors.same();
  }

  /** A machine that stood still has turns to make up for, all at once: one of them is enough. */
  private boolean tooSoon() {
    var earliest = last.equals(Instant.MIN) ? last : last.plus(calls.period().dividedBy(2));
    var now = calls.now();
    return now.isBefore(earliest) && !now.isBefore(last);
  }

  private void count(boolean success) {
    calls.count(success);
    tally = tally.and(success);
    if (tally.decides(calls.probe())) {
      owner.tell(new Verdict(calls.kind(), calls.id(), success));
    }
  }

  private Behavior<Command> ended() {
    calls.forget();
    return Behaviors.same();
  }
}
