package dev.jkubelet.node.registration;

import dev.jkubelet.cluster.NodesApi;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.pressure.NodePressures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Makes the node known to the API server and keeps its status true: looks every so often and at
 * every change of the engine's health, writes what changed at once and the rest rarely. One chain
 * of calls is under way at a time; what happens meanwhile is looked at when it has ended.
 */
public final class NodeReporter extends AbstractMatchingBehavior<NodeReporter.Command> {
  /** What it can be told. */
  public sealed interface Command {}

  /** How the engine is; {@code problem} is empty when it answers. */
  public record EngineHealth(Optional<String> problem) implements Command {}

  /** Something of the node changed: look at it now. */
  public record Look() implements Command {}

  private record Registered(NodeCalls.Outcome outcome) implements Command {}

  private record Reported(NodeCalls.Outcome outcome) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private enum Timer implements Command {
    ROUND,
    RETRY
  }

  /** What the node may be short of and has mounted, asked at every look. */
  public record Inputs(Supplier<NodePressures> pressures, Supplier<List<String>> volumesInUse) {
    /** Of a node without eviction and attached volumes. */
    public static final Inputs NONE = new Inputs(() -> NodePressures.NONE, List::of);
  }

  /** Engine's health as the kubelet words it, which is for the node's condition alone. */
  private enum Engine {
    UNKNOWN("container runtime status check may not have completed yet"),
    WELL(""),
    DOWN("container runtime is down");

    private final String problem;

    Engine(String problem) {
      this.problem = problem;
    }

    List<String> problems() {
      return problem.isEmpty() ? List.of() : List.of(problem);
    }
  }

  private static final RetryDelay REGISTRATION =
      new RetryDelay(Duration.ofMillis(200), Duration.ofSeconds(7));
  private static final int TRIES_PER_ROUND = 5;

  private final TimerScheduler<Command> timers;
  private final NodeSettings settings;
  private final NodeCalls calls;
  private final NodeNews news;
  private final Clock clock;
  private final Inputs inputs;
  private Engine engine = Engine.UNKNOWN;
  private boolean registered;
  private boolean busy;
  private boolean again;
  private int failures;
  private Instant lastWritten = Instant.EPOCH;

  private NodeReporter(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeSettings settings,
      NodeCalls calls,
      NodeEvents events,
      Clock clock,
      Inputs inputs) {
    super(context);
    context.setLoggerName(NodeReporter.class);
    this.timers = timers;
    this.settings = settings;
    this.calls = calls;
    this.news = new NodeNews(settings.name(), events);
    this.clock = clock;
    this.inputs = inputs;
    this.registered = !settings.registration().node();
    timers.startTimerAtFixedRate(Timer.ROUND, settings.reporting().every());
    news.start();
    if (!registered) {
      register();
    }
  }

  /** Starts with the registration, or, where others register, with the first news of the engine. */
  public static Behavior<Command> create(
      NodeSettings settings,
      NodesApi nodes,
      NodeFacts.Source facts,
      NodeEvents events,
      Clock clock,
      Inputs inputs) {
    var calls = new NodeCalls(settings, nodes, facts, clock);
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new NodeReporter(context, timers, settings, calls, events, clock, inputs)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case EngineHealth(var problem) -> onEngine(problem.isEmpty() ? Engine.WELL : Engine.DOWN);
      case Look() -> look();
      case Registered(var outcome) -> onRegistered(outcome);
      case Reported(var outcome) -> done(outcome);
      case Failed(var cause) -> onFailed(cause);
      case Timer timer -> {
        switch (timer) {
          case ROUND -> onRound();
          case RETRY -> retry();
        }
      }
    }
    return this;
  }

  /** That it has not answered yet is no news: nobody needs to hear of the first milliseconds. */
  private void onEngine(Engine newest) {
    var next = engine == Engine.UNKNOWN && newest == Engine.DOWN ? Engine.UNKNOWN : newest;
    boolean changed = next != engine;
    engine = next;
    if (changed) {
      look();
    }
  }

  private void onRound() {
    if (registered) {
      failures = 0;
      look();
    }
  }

  private void retry() {
    if (registered) {
      look();
    } else {
      register();
    }
  }

  private void register() {
    call(calls.register(condition()), Registered::new);
  }

  private void look() {
    again = busy || !registered || timers.isTimerActive(Timer.RETRY);
    if (!again) {
      boolean anyway =
          !clock.instant().isBefore(lastWritten.plus(settings.reporting().atLeastEvery()));
      call(calls.report(condition(), anyway), Reported::new);
    }
  }

  private NodeStatuses.Condition condition() {
    return new NodeStatuses.Condition(
        inputs.pressures().get(), engine.problems(), inputs.volumesInUse().get());
  }

  private void call(
      CompletionStage<NodeCalls.Outcome> stage, Function<NodeCalls.Outcome, Command> answer) {
    busy = true;
    getContext()
        .pipeToSelf(
            stage,
            (outcome, failure) -> failure == null ? answer.apply(outcome) : new Failed(failure));
  }

  private void onRegistered(NodeCalls.Outcome outcome) {
    getContext().getLog().info("Successfully registered node {}", settings.name());
    registered = true;
    done(outcome);
    // An existing node's status may say anything: what the kubelet of before left, or "Unknown".
    if (!busy && outcome.written().isEmpty() && engine != Engine.UNKNOWN) {
      look();
    }
  }

  private void done(NodeCalls.Outcome outcome) {
    busy = false;
    failures = 0;
    outcome.written().ifPresent(at -> lastWritten = at);
    news.tell(outcome);
    if (again) {
      look();
    }
  }

  private void onFailed(Throwable cause) {
    busy = false;
    failures++;
    var failure = RetryDelay.ofFailure(cause);
    if (!registered) {
      getContext()
          .getLog()
          .warn("Unable to register node {}: {}", settings.name(), failure.getMessage());
      timers.startSingleTimer(Timer.RETRY, REGISTRATION.after(failures, cause));
    } else if (failure.retryAfter().isPresent()) {
      timers.startSingleTimer(Timer.RETRY, RetryDelay.longer(Duration.ZERO, cause));
    } else if (failures < TRIES_PER_ROUND) {
      getContext()
          .getLog()
          .debug("Error updating node status, will retry: {}", failure.getMessage());
      look();
    } else {
      getContext().getLog().warn("Unable to update node status: {}", failure.getMessage());
    }
  }
}
