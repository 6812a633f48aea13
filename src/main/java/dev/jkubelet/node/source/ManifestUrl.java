package dev.jkubelet.node.source;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.runtime.BlockingCalls;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Static pods from a URL, which is asked again and again. After each good answer the whole desired
 * set is sent; before the first one nothing is, since until then nobody knows what is wanted.
 */
public final class ManifestUrl extends AbstractMatchingBehavior<ManifestUrl.Command> {
  /** What the actor is told; all of it by itself. */
  public sealed interface Command {}

  private record Tick() implements Command {}

  private record Answered(UrlPodSet.Next next) implements Command {}

  private record Failed(Throwable reason) implements Command {}

  /** What is asked; closed with the actor. */
  interface Server extends Supplier<CompletionStage<byte[]>>, AutoCloseable {
    @Override
    void close();
  }

  private static final String SOURCE = "http";
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  /** Failures in a row that are worth a warning each; the kubelet's number. */
  private static final int LOUD_FAILURES = 3;

  private final ManifestOrigin.Url origin;
  private final Server server;
  private final ManifestReader reader;
  private final BlockingCalls calls;
  private final Clock clock;
  private final ActorRef<NodeActor.SetPods> sink;

  private UrlPodSet set = UrlPodSet.EMPTY;
  private boolean asking;
  private int failures;

  private ManifestUrl(
      ActorContext<Command> context,
      ManifestOrigin.Url origin,
      Server server,
      ManifestReader reader,
      BlockingCalls calls,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink) {
    super(context);
    this.origin = origin;
    this.server = server;
    this.reader = reader;
    this.calls = calls;
    this.clock = clock;
    this.sink = sink;
  }

  /**
   * A source that asks {@code uri}.
   *
   * @param headers sent with every request
   * @param httpCheckFrequency between an answer and the next request
   * @throws IllegalArgumentException at once, if the URL or a header can't be sent
   */
  public static Behavior<Command> create(
      URI uri,
      Map<String, List<String>> headers,
      String nodeName,
      Duration httpCheckFrequency,
      BlockingCalls calls,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink) {
    var request = ManifestDownload.request(uri, headers);
    return create(
        new ManifestOrigin.Url(uri),
        () -> ManifestDownload.open(request),
        nodeName,
        httpCheckFrequency,
        calls,
        clock,
        sink);
  }

  static Behavior<Command> create(
      ManifestOrigin.Url origin,
      Supplier<Server> server,
      String nodeName,
      Duration httpCheckFrequency,
      BlockingCalls calls,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink) {
    return Behaviors.setup(
        context -> {
          context.setLoggerName(ManifestUrl.class);
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Tick(), Duration.ZERO, httpCheckFrequency);
                return new ManifestUrl(
                    context,
                    origin,
                    server.get(),
                    new ManifestReader(nodeName),
                    calls,
                    clock,
                    sink);
              });
        });
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Tick _ -> ask();
      case Answered(var next) -> onAnswered(next);
      case Failed(var reason) -> onFailed(reason);
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      server.close();
    }
    return this;
  }

  private void ask() {
    if (asking) {
      return;
    }
    asking = true;
    var before = set;
    getContext()
        .pipeToSelf(
            server
                .get()
                .thenCompose(
                    answer ->
                        calls.call(
                            "read " + origin.shown(),
                            READ_LIMIT,
                            () -> before.with(origin, answer, reader, clock.instant()))),
            (next, failure) -> failure == null ? new Answered(next) : new Failed(failure));
  }

  private void onAnswered(UrlPodSet.Next next) {
    asking = false;
    if (failures > 0) {
      getContext().getLog().info("{}: pods read again after {} failures", origin.shown(), failures);
      failures = 0;
    }
    next.lines().forEach(line -> getContext().getLog().warn("{}", line));
    set = next.set();
    sink.tell(new NodeActor.SetPods(SOURCE, set.pods()));
  }

  /** The first few failures get the point across; the kubelet falls silent after them too. */
  private void onFailed(Throwable reason) {
    asking = false;
    failures++;
    var log = getContext().getLog();
    var cause = reason instanceof CompletionException wrapped ? wrapped.getCause() : reason;
    var text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    var line = text.startsWith(origin.shown()) ? text : origin.shown() + ": " + text;
    if (failures <= LOUD_FAILURES) {
      log.warn("no pods from the manifest URL: {}", line);
    } else if (failures == LOUD_FAILURES + 1) {
      log.warn("no pods from the manifest URL (further failures at debug level): {}", line);
    } else {
      log.debug("no pods from the manifest URL: {}", line);
    }
  }
}
