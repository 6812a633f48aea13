package dev.jkubelet.node.plugin;

import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.node.source.FolderWatch;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.volume.csi.PluginRegistration.Registered;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Sees plugins come and go: each puts a socket into a folder, and is asked there who it is. One
 * that can't be registered is tried again, ever more rarely, and keeps nobody else waiting.
 */
public final class PluginSockets extends AbstractMatchingBehavior<PluginSockets.Command> {
  /** What the actor is told; all of it by itself. */
  public sealed interface Command {}

  /** Time to look whether or not something was heard. */
  private record Tick() implements Command {}

  /** Something in the folder may have changed. */
  private record Changed() implements Command {}

  /**
   * What is in the folder: sockets by path, each with what tells it from another one that takes its
   * place.
   */
  private record Scanned(Map<Path, Object> sockets) implements Command {}

  private record ScanFailed(Throwable cause) implements Command {}

  private record Joined(Path socket, Object identity, Registered plugin) implements Command {}

  private record Refused(Path socket, Object identity, Throwable cause) implements Command {}

  private record Retry(Path socket, Object identity) implements Command {}

  private record Left(String driver, Throwable failure) implements Command {}

  /** How plugins are talked to; every call blocks. */
  public interface Registrar {
    /** Asks who is there and makes it known. */
    Registered register(Path socket) throws IOException, InterruptedException;

    /** It is gone. */
    void deregister(Registered plugin) throws IOException, InterruptedException;
  }

  /**
   * What is watched.
   *
   * @param scan reads the folder, which it makes if need be
   * @param watch starts to call its argument on every change
   */
  record Folder(PluginFolder scan, Function<Runnable, AutoCloseable> watch) {}

  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final RetryDelay BACK_OFF =
      new RetryDelay(Duration.ofMillis(500), Duration.ofMinutes(2));

  /**
   * A socket that is in the folder.
   *
   * @param plugin null until it is registered
   */
  private record Seen(Object identity, Registered plugin, int failures) {}

  private final Folder folder;
  private final Registrar registrar;
  private final BlockingCalls calls;
  private final TimerScheduler<Command> timers;
  private final AutoCloseable watch;
  private final Map<Path, Seen> seen = new HashMap<>();
  private boolean scanning;
  private boolean again;
  private boolean complained;

  private PluginSockets(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Folder folder,
      Registrar registrar,
      BlockingCalls calls) {
    super(context);
    context.setLoggerName(PluginSockets.class);
    this.timers = timers;
    this.folder = folder;
    this.registrar = registrar;
    this.calls = calls;
    var self = context.getSelf();
    this.watch = folder.watch().apply(() -> self.tell(new Changed()));
    timers.startTimerWithFixedDelay(new Tick(), Duration.ZERO, EVERY);
  }

  /** Watches {@code <root-dir>/plugins_registry}, where plugins of an agent before may be too. */
  public static Behavior<Command> create(Path folder, Registrar registrar, BlockingCalls calls) {
    return create(
        new Folder(new PluginFolder(folder), onChange -> FolderWatch.start(folder, onChange)),
        registrar,
        calls);
  }

  static Behavior<Command> create(Folder folder, Registrar registrar, BlockingCalls calls) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new PluginSockets(context, timers, folder, registrar, calls)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Tick _, Changed _ -> scan();
      case Scanned(var sockets) -> onScanned(sockets);
      case ScanFailed(var cause) -> onScanFailed(cause);
      case Joined joined -> onJoined(joined);
      case Refused refused -> onRefused(refused);
      case Retry(var socket, var identity) -> {
        if (isCurrent(socket, identity)) {
          register(socket, identity);
        }
      }
      case Left(var driver, var failure) -> onLeft(driver, failure);
    }
    return this;
  }

  /** One scan at a time; what is heard meanwhile is seen by one more. */
  private void scan() {
    again = scanning;
    if (!scanning) {
      scanning = true;
      getContext()
          .pipeToSelf(
              calls.call("look for plugins", LIMIT, folder.scan()),
              (sockets, failure) ->
                  failure == null ? new Scanned(sockets) : new ScanFailed(failure));
    }
  }

  private void onScanFailed(Throwable cause) {
    if (!complained) {
      complained = true;
      getContext().getLog().warn("plugins can't be looked for: {}", cause.toString());
    }
    scanned();
  }

  private void scanned() {
    scanning = false;
    if (again) {
      scan();
    }
  }

  private void onScanned(Map<Path, Object> sockets) {
    for (var known : new HashSet<>(seen.keySet())) {
      if (!isCurrent(known, sockets.get(known))) {
        var gone = seen.remove(known);
        timers.cancel(known);
        if (gone.plugin() != null) {
          deregister(gone.plugin());
        }
      }
    }
    sockets.forEach(
        (socket, identity) -> {
          if (!seen.containsKey(socket)) {
            seen.put(socket, new Seen(identity, null, 0));
            register(socket, identity);
          }
        });
    scanned();
  }

  private boolean isCurrent(Path socket, Object identity) {
    var known = seen.get(socket);
    return known != null && known.identity().equals(identity);
  }

  private void register(Path socket, Object identity) {
    getContext()
        .pipeToSelf(
            calls.call("register " + socket, LIMIT, () -> registrar.register(socket)),
            (plugin, failure) ->
                failure == null
                    ? new Joined(socket, identity, plugin)
                    : new Refused(socket, identity, failure));
  }

  private void onJoined(Joined joined) {
    if (isCurrent(joined.socket(), joined.identity())) {
      seen.put(joined.socket(), new Seen(joined.identity(), joined.plugin(), 0));
      getContext()
          .getLog()
          .info("CSI driver {} has registered at {}", joined.plugin().driver(), joined.socket());
    } else {
      deregister(joined.plugin());
    }
  }

  /** Told once: it will fail in the same way until somebody does something about it. */
  private void onRefused(Refused refused) {
    var socket = refused.socket();
    if (!isCurrent(socket, refused.identity())) {
      return;
    }
    int failures = seen.get(socket).failures() + 1;
    seen.put(socket, new Seen(refused.identity(), null, failures));
    if (failures == 1) {
      getContext()
          .getLog()
          .warn("plugin at {} can't be registered yet: {}", socket, words(refused.cause()));
    }
    timers.startSingleTimer(
        socket, new Retry(socket, refused.identity()), BACK_OFF.after(failures, refused.cause()));
  }

  private void deregister(Registered plugin) {
    getContext()
        .pipeToSelf(
            calls.call(
                "deregister " + plugin.driver(),
                LIMIT,
                () -> {
                  registrar.deregister(plugin);
                  return plugin;
                }),
            (_, failure) -> new Left(plugin.driver(), failure));
  }

  private void onLeft(String driver, Throwable failure) {
    if (failure == null) {
      getContext().getLog().info("CSI driver {} is gone", driver);
    } else {
      getContext()
          .getLog()
          .warn("CSI driver {} is gone, of which not all know: {}", driver, words(failure));
    }
  }

  private static String words(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      try {
        watch.close();
      } catch (Exception broken) {
        getContext().getLog().debug("closing the watch of plugins", broken);
      }
    }
    return this;
  }
}
