package dev.jkubelet.node;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.stats.KubeletMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The engine's pulse: its event stream, re-opened with back-off whenever it ends, and a relist as
 * safety net for what the stream lost. The relist is the heartbeat too: an engine that does not
 * answer it is not healthy, however many connections it accepts. Each time the engine appears it is
 * asked what it is, for one that answers may still be of no use.
 */
public final class RuntimeEvents extends AbstractMatchingBehavior<RuntimeEvents.Command> {
  /** Only this actor's own messages: it is told nothing. */
  public sealed interface Command {}

  private record Event(RuntimeEvent event) implements Command {}

  private record StreamEnded(Throwable cause) implements Command {}

  private record Listed(List<ContainerSummary> all, Duration took) implements Command {}

  private record ListFailed(Throwable cause) implements Command {}

  private record Described(Optional<EngineInfo> engine) implements Command {}

  private enum Timer implements Command {
    RELIST,
    RECONNECT
  }

  private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(1);
  static final Duration LONGEST_PERIOD = Duration.ofSeconds(10);
  static final Duration OVERDUE = Duration.ofSeconds(15);
  private static final Duration FIRST_DELAY = Duration.ofMillis(250);
  private static final Duration LAST_DELAY = Duration.ofSeconds(5);

  private final ContainerRuntime runtime;
  private final KubeletMetrics metrics;
  private final Clock clock;
  private final Function<EngineInfo, Optional<String>> fitness;
  private final ActorRef<NodeActor.Command> node;
  private final Consumer<Optional<String>> health;
  private final TimerScheduler<Command> timers;
  private Optional<AutoCloseable> stream = Optional.empty();
  private Duration delay = FIRST_DELAY;
  private Optional<Instant> listingSince = Optional.empty();
  private Optional<String> silence = Optional.of("the container runtime has not answered yet");
  private Optional<String> misfit = Optional.empty();
  private Optional<String> problem = silence;
  private boolean described;

  private RuntimeEvents(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ContainerRuntime runtime,
      KubeletMetrics metrics,
      Clock clock,
      Duration syncFrequency,
      Function<EngineInfo, Optional<String>> fitness,
      ActorRef<NodeActor.Command> node,
      Consumer<Optional<String>> health) {
    super(context);
    this.timers = timers;
    this.runtime = runtime;
    this.metrics = metrics;
    this.clock = clock;
    this.fitness = fitness;
    this.node = node;
    this.health = health;
    timers.startTimerWithFixedDelay(Timer.RELIST, period(syncFrequency));
    connect();
  }

  /**
   * Starts to follow the engine.
   *
   * @param syncFrequency longest time between two lists; there are never more than 10 s, nor less
   *     than 1 s, between them
   * @param fitness why no pod can run on that engine; empty when they can
   * @param node hears of events, lists and health
   * @param health is told what is wrong with the engine, if anything, each time that was looked at;
   *     must not block
   */
  public static Behavior<Command> create(
      ContainerRuntime runtime,
      KubeletMetrics metrics,
      Clock clock,
      Duration syncFrequency,
      Function<EngineInfo, Optional<String>> fitness,
      ActorRef<NodeActor.Command> node,
      Consumer<Optional<String>> health) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new RuntimeEvents(
                        context,
                        timers,
                        runtime,
                        metrics,
                        clock,
                        syncFrequency,
                        fitness,
                        node,
                        health)));
  }

  private static Duration period(Duration syncFrequency) {
    if (syncFrequency.compareTo(SHORTEST_PERIOD) < 0) {
      return SHORTEST_PERIOD;
    }
    return syncFrequency.compareTo(LONGEST_PERIOD) > 0 ? LONGEST_PERIOD : syncFrequency;
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Event(var event) -> node.tell(new NodeActor.EngineHint(event));
      case StreamEnded(var cause) -> onStreamEnded(cause);
      case Listed(var all, var took) -> onListed(all, took);
      case ListFailed(var cause) -> onListFailed(cause);
      case Described(var engine) ->
          engine.ifPresentOrElse(this::onDescribed, () -> described = false);
      case Timer timer -> {
        switch (timer) {
          case RELIST -> relist();
          case RECONNECT -> connect();
        }
      }
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      closeStream();
    }
    return this;
  }

  /** Events first, then the list: what happens in between comes twice rather than never. */
  private void connect() {
    var self = getContext().getSelf();
    stream =
        Optional.of(
            runtime.events(e -> self.tell(new Event(e)), c -> self.tell(new StreamEnded(c))));
    relist();
  }

  private void onStreamEnded(Throwable cause) {
    closeStream();
    getContext().getLog().debug("the engine's event stream ended: {}", cause.toString());
    timers.startSingleTimer(Timer.RECONNECT, delay);
    var doubled = delay.multipliedBy(2);
    delay = doubled.compareTo(LAST_DELAY) > 0 ? LAST_DELAY : doubled;
  }

  private void relist() {
    var now = clock.instant();
    if (listingSince.isPresent()) {
      var waiting = Duration.between(listingSince.get(), now);
      if (waiting.compareTo(OVERDUE) > 0) {
        lost("the container runtime has not answered a list for " + waiting.toSeconds() + "s");
      }
      return;
    }
    listingSince = Optional.of(now);
    getContext()
        .pipeToSelf(
            runtime.list(),
            (all, failure) ->
                failure == null
                    ? new Listed(all, Duration.between(now, clock.instant()))
                    : new ListFailed(failure));
  }

  private void onListed(List<ContainerSummary> all, Duration took) {
    listingSince = Optional.empty();
    delay = FIRST_DELAY;
    metrics.relist(took);
    silence = Optional.empty();
    tellHealth();
    node.tell(new NodeActor.EngineListed(all));
    if (!described) {
      described = true;
      getContext()
          .pipeToSelf(runtime.info(), (engine, _) -> new Described(Optional.ofNullable(engine)));
    }
  }

  private void onListFailed(Throwable cause) {
    listingSince = Optional.empty();
    var failure =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    lost("the container runtime is down: " + failure.getMessage());
  }

  /** What comes back may be another engine. */
  private void lost(String why) {
    silence = Optional.of(why);
    described = false;
    tellHealth();
  }

  private void onDescribed(EngineInfo engine) {
    var newest = fitness.apply(engine);
    if (!newest.equals(misfit)) {
      misfit = newest;
      tellHealth();
    }
  }

  private void tellHealth() {
    var newest = silence.or(() -> misfit);
    if (newest.isPresent() != problem.isPresent()) {
      newest.ifPresentOrElse(
          p -> getContext().getLog().error("{}", p),
          () -> getContext().getLog().info("the container runtime answers"));
    }
    problem = newest;
    node.tell(new NodeActor.EngineHealth(newest));
    health.accept(newest);
  }

  private void closeStream() {
    stream.ifPresent(
        s -> {
          try {
            s.close();
          } catch (Exception e) {
            getContext().getLog().debug("closing the engine's event stream: {}", e.toString());
          }
        });
    stream = Optional.empty();
  }
}
