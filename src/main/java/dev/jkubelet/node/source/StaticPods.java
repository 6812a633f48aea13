package dev.jkubelet.node.source;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.runtime.BlockingCalls;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Static pods from files. It reads the manifest path at the start, when inotify tells of a change,
 * and periodically, and sends the whole desired set when the set has changed and after each
 * periodic scan. Before the first scan that succeeds nothing is sent: until then nobody knows what
 * is wanted.
 */
public final class StaticPods extends AbstractMatchingBehavior<StaticPods.Command> {
  /** What the actor is told; all of it by itself. */
  public sealed interface Command {}

  /** Time to look whether or not something was heard. */
  private record Tick() implements Command {}

  /** Something at the path may have changed. */
  private record Changed() implements Command {}

  private record Scanned(StaticPodSet.Next next) implements Command {}

  private record ScanFailed(Throwable reason) implements Command {}

  private static final String SOURCE = "file";
  private static final Duration SCAN_LIMIT = Duration.ofSeconds(30);

  private final String path;
  private final Callable<ManifestFiles.Scan> scanner;
  private final ManifestReader reader;
  private final BlockingCalls calls;
  private final Clock clock;
  private final ActorRef<NodeActor.SetPods> sink;
  private final AutoCloseable watch;

  private StaticPodSet set = StaticPodSet.EMPTY;
  private boolean ready;
  private boolean scanning;
  private boolean again;
  private boolean announce;
  private String lastFailure = "";

  private StaticPods(
      ActorContext<Command> context,
      Source source,
      ManifestReader reader,
      BlockingCalls calls,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink) {
    super(context);
    this.path = source.path();
    this.scanner = source.scanner();
    this.reader = reader;
    this.calls = calls;
    this.clock = clock;
    this.sink = sink;
    var self = context.getSelf();
    this.watch = source.watch().apply(() -> self.tell(new Changed()));
  }

  /**
   * What is read and watched.
   *
   * @param watch starts to call its argument on every change
   */
  record Source(
      String path, Callable<ManifestFiles.Scan> scanner, Function<Runnable, AutoCloseable> watch) {}

  /**
   * A source that reads {@code manifestPath}.
   *
   * @param manifestPath a manifest, or a folder of them; need not exist yet
   * @param fileCheckFrequency between periodic scans
   */
  public static Behavior<Command> create(
      Path manifestPath,
      String nodeName,
      Duration fileCheckFrequency,
      BlockingCalls calls,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink) {
    var path = manifestPath.normalize();
    var source =
        new Source(
            path.toString(),
            new ManifestFiles(path)::scan,
            onChange -> FolderWatch.start(path, onChange));
    return create(source, nodeName, fileCheckFrequency, calls, clock, sink);
  }

  static Behavior<Command> create(
      Source source,
      String nodeName,
      Duration fileCheckFrequency,
      BlockingCalls calls,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink) {
    return Behaviors.setup(
        context -> {
          context.setLoggerName(StaticPods.class);
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Tick(), Duration.ZERO, fileCheckFrequency);
                return new StaticPods(
                    context, source, new ManifestReader(nodeName), calls, clock, sink);
              });
        });
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Tick _ -> {
        announce = true;
        scan();
      }
      case Changed _ -> scan();
      case Scanned(var next) -> onScanned(next);
      case ScanFailed(var reason) -> onFailed(reason);
    }
    return this;
  }

  /** One scan at a time; what is heard meanwhile is seen by one more. */
  private void scan() {
    if (scanning) {
      again = true;
      return;
    }
    scanning = true;
    var before = set;
    getContext()
        .pipeToSelf(
            calls.call(
                "scan " + path,
                SCAN_LIMIT,
                () -> before.with(scanner.call(), reader, clock.instant())),
            (next, failure) -> failure == null ? new Scanned(next) : new ScanFailed(failure));
  }

  private void onScanned(StaticPodSet.Next next) {
    next.lines().forEach(line -> getContext().getLog().warn("{}", line));
    lastFailure = "";
    var changed = !next.set().pods().equals(set.pods());
    set = next.set();
    if (changed || announce || !ready) {
      sink.tell(new NodeActor.SetPods(SOURCE, set.pods()));
    }
    ready = true;
    announce = false;
    done();
  }

  private void onFailed(Throwable reason) {
    var failure = String.valueOf(reason.getMessage());
    if (!failure.equals(lastFailure)) {
      getContext()
          .getLog()
          .warn("{}: can't be read, so its pods stay as they are: {}", path, failure);
      lastFailure = failure;
    }
    done();
  }

  private void done() {
    scanning = false;
    if (again) {
      again = false;
      scan();
    }
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      stopWatching();
    }
    return this;
  }

  private void stopWatching() {
    try {
      watch.close();
    } catch (Exception broken) {
      getContext().getLog().debug("closing the watch of {}", path, broken);
    }
  }
}
