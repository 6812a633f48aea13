package dev.jkubelet.node.pressure;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Looks every ten seconds whether the node runs short of memory, disk or processes. */
public final class PressureObserver extends AbstractMatchingBehavior<PressureObserver.Command> {
  /** Only this actor's own messages: it is told nothing. */
  public sealed interface Command {}

  private record Measured(Map<Signal, Level> levels) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private enum Timer implements Command {
    ROUND
  }

  /** As often as the kubelet's eviction looks. */
  static final Duration EVERY = Duration.ofSeconds(10);

  private final Settings settings;
  private final Supplier<CompletionStage<Map<Signal, Level>>> measurement;
  private final Clock clock;
  private final Consumer<NodePressures> listener;
  private final Consumer<Map<Signal, Level>> levelled;
  private PressureRecord history = PressureRecord.EMPTY;
  private NodePressures told = NodePressures.NONE;
  private boolean busy;

  /**
   * When the node counts as short of something.
   *
   * @param hard {@code evictionHard}
   * @param soft {@code evictionSoft}
   * @param transition {@code evictionPressureTransitionPeriod}: how long it counts so afterwards
   */
  public record Settings(
      Map<Signal, Threshold> hard, Map<Signal, Threshold> soft, Duration transition) {}

  private PressureObserver(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Settings settings,
      Supplier<CompletionStage<Map<Signal, Level>>> measurement,
      Clock clock,
      Consumer<NodePressures> listener,
      Consumer<Map<Signal, Level>> levelled) {
    super(context);
    context.setLoggerName(PressureObserver.class);
    this.settings = settings;
    this.measurement = measurement;
    this.clock = clock;
    this.listener = listener;
    this.levelled = levelled;
    timers.startTimerAtFixedRate(Timer.ROUND, EVERY);
    look();
  }

  /**
   * Looks at once.
   *
   * @param measurement how things are; what can't be measured is left out
   * @param listener hears of changes; at first the node is short of nothing
   * @param levelled hears each time how things are
   */
  public static Behavior<Command> create(
      Settings settings,
      Supplier<CompletionStage<Map<Signal, Level>>> measurement,
      Clock clock,
      Consumer<NodePressures> listener,
      Consumer<Map<Signal, Level>> levelled) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new PressureObserver(
                        context, timers, settings, measurement, clock, listener, levelled)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Measured(var levels) -> {
        busy = false;
        judge(levels);
      }
      case Failed(var cause) -> {
        busy = false;
        getContext().getLog().warn("can't see what the node has left: {}", cause.toString());
        judge(Map.of());
      }
      case Timer _ -> look();
    }
    return this;
  }

  private void look() {
    if (busy) {
      return;
    }
    busy = true;
    getContext()
        .pipeToSelf(
            measurement.get(),
            (levels, failure) -> failure == null ? new Measured(levels) : new Failed(failure));
  }

  private void judge(Map<Signal, Level> levels) {
    var now = clock.instant();
    levelled.accept(levels);
    history = history.seen(settings.hard(), levels, now).seen(settings.soft(), levels, now);
    var newest = history.told(now, settings.transition());
    if (!newest.equals(told)) {
      getContext().getLog().warn("the node is short of: {}; measured: {}", newest, levels);
      told = newest;
      listener.accept(newest);
    }
  }
}
