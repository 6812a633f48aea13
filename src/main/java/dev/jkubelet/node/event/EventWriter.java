package dev.jkubelet.node.event;

import dev.jkubelet.cluster.EventsApi;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.node.event.EventCorrelator.Outcome;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Writes what the recorder was told to the API server, one event after the other. While the server
 * is away it waits with the one in hand, as long as twelve tries take.
 */
public final class EventWriter extends AbstractMatchingBehavior<EventWriter.Command> {
  /** Only this actor's own messages: it is told nothing. */
  public sealed interface Command {}

  private enum Signal implements Command {
    RECORDED,
    RETRY
  }

  private record Written(Event event) implements Command {}

  private record Failed(Outcome what, Throwable cause) implements Command {}

  private static final int MOST_TRIES = 12;
  static final Duration BETWEEN_TRIES = Duration.ofSeconds(10);

  private final TimerScheduler<Command> timers;
  private final EventRecorder recorder;
  private final EventsApi api;
  private final EventCorrelator correlator;
  private final DoubleSupplier random;
  private Outcome inHand = new Outcome.Drop();
  private boolean busy;
  private int tries;

  private EventWriter(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      EventRecorder recorder,
      EventsApi api,
      Clock clock,
      DoubleSupplier random) {
    super(context);
    context.setLoggerName(EventWriter.class);
    this.timers = timers;
    this.recorder = recorder;
    this.api = api;
    this.correlator = new EventCorrelator(clock);
    this.random = random;
    var self = context.getSelf();
    recorder.listen(() -> self.tell(Signal.RECORDED));
    nextOne();
  }

  /** Writes what {@code recorder} has and will be told. */
  public static Behavior<Command> create(EventRecorder recorder, EventsApi api, Clock clock) {
    return create(recorder, api, clock, () -> ThreadLocalRandom.current().nextDouble());
  }

  static Behavior<Command> create(
      EventRecorder recorder, EventsApi api, Clock clock, DoubleSupplier random) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new EventWriter(context, timers, recorder, api, clock, random)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Signal signal -> {
        switch (signal) {
          case RECORDED -> nextOne();
          case RETRY -> write(inHand);
        }
      }
      case Written(var event) -> {
        correlator.written(event);
        done();
      }
      case Failed(var what, var cause) -> onFailed(what, cause);
    }
    return this;
  }

  private void nextOne() {
    while (!busy) {
      var event = recorder.next();
      if (event.isEmpty()) {
        return;
      }
      tries = 0;
      write(correlator.correlate(event.get()));
    }
  }

  private void write(Outcome what) {
    inHand = what;
    switch (what) {
      case Outcome.Drop() -> {}
      case Outcome.Create(var event) -> call(what, api.create(event));
      case Outcome.Count(var event, var patch) -> call(what, count(event, patch));
    }
  }

  /** One that the API server has let go of meanwhile is made anew. */
  private CompletionStage<Event> count(Event event, String patch) {
    var meta = event.getMetadata();
    return api.patch(meta.getNamespace(), meta.getName(), patch)
        .exceptionallyCompose(
            failure ->
                RetryDelay.ofFailure(failure).notFound()
                    ? api.create(event)
                    : CompletableFuture.failedStage(failure));
  }

  private void call(Outcome what, CompletionStage<Event> stage) {
    busy = true;
    getContext()
        .pipeToSelf(
            stage,
            (event, failure) -> failure == null ? new Written(event) : new Failed(what, failure));
  }

  /** Refused is refused; only a server that is away or overloaded is asked again. */
  private void onFailed(Outcome what, Throwable cause) {
    var failure = RetryDelay.ofFailure(cause);
    tries++;
    if (failure.passing() && tries < MOST_TRIES) {
      // Spread over the time, so that not all nodes come back at once.
      var delay =
          tries == 1
              ? Duration.ofMillis((long) (BETWEEN_TRIES.toMillis() * random.getAsDouble()))
              : BETWEEN_TRIES;
      timers.startSingleTimer(Signal.RETRY, RetryDelay.longer(delay, cause));
      return;
    }
    getContext().getLog().debug("event not written: {} {}", what, failure.getMessage());
    done();
  }

  private void done() {
    busy = false;
    nextOne();
  }
}
