package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.TerminalSize;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that exec started, seen through the engine. */
final class ExecProcess implements HijackedStreams.Subject {
  /** Makes a call of the engine on a thread that may block. */
  interface Calls {
    <T> CompletionStage<T> call(String what, Callable<T> call);
  }

  private static final Logger log = LoggerFactory.getLogger(ExecProcess.class);

  /** The engine may call a process running for a moment after its output ended. */
  private static final Duration FIRST_WAIT = Duration.ofMillis(5);

  /** In all about ten seconds, as the dockershim waits. */
  private static final int MAX_LOOKS = 11;

  /** In all some three minutes. */
  private static final int MAX_LOOKS_AT_ABANDONED = 15;

  private static final int MAX_RESIZES = 6;

  /** Between asking abandoned processes to end and killing them. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String id;
  private final Streams streams;
  private final Calls calls;

  ExecProcess(String id, Streams streams, Calls calls) {
    this.id = id;
    this.streams = streams;
    this.calls = calls;
  }

  /** Tried again: the engine answers before the process is there. */
  @Override
  public CompletionStage<Void> resize(TerminalSize size) {
    return resize(size, 0);
  }

  private CompletionStage<Void> resize(TerminalSize size, int attempt) {
    return calls
        .<Void>call(
            "docker exec resize " + id,
            () -> {
              streams.resizeExec(id, size);
              return null;
            })
        .exceptionallyCompose(
            failure ->
                attempt == MAX_RESIZES
                    ? CompletableFuture.failedStage(failure)
                    : after(FIRST_WAIT.multipliedBy(1L << attempt))
                        .thenCompose(_ -> resize(size, attempt + 1)));
  }

  @Override
  public CompletionStage<OptionalInt> exitCode() {
    return exitCode(0);
  }

  private CompletionStage<OptionalInt> exitCode(int look) {
    return look()
        .thenCompose(
            state -> {
              if (state instanceof ExecState.Ended(var code)) {
                return CompletableFuture.completedStage(OptionalInt.of(code));
              }
              if (look == MAX_LOOKS) {
                log.warn("Exec session {} ended but its process still runs", id);
                return CompletableFuture.completedStage(OptionalInt.empty());
              }
              return after(FIRST_WAIT.multipliedBy(1L << look))
                  .thenCompose(_ -> exitCode(look + 1));
            });
  }

  private CompletionStage<ExecState> look() {
    return calls.call("docker exec inspect " + id, () -> ExecState.of(streams.inspectExec(id)));
  }

  private static CompletionStage<Void> after(Duration wait) {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * The engine has no call to end a process of exec, but tells its number: it and what it started
   * get SIGTERM, then SIGKILL. What left its process tree before, as a daemon does, stays.
   *
   * <p>Streams are closed after that is known: an engine that can't write what a process says any
   * more takes it for ended, and the process waits for its reader for ever.
   */
  @Override
  public void abandoned(Runnable close) {
    abandoned(close, 0);
  }

  /** A client may leave while its process is about to start, which takes a busy engine long. */
  private void abandoned(Runnable close, int look) {
    look()
        .whenComplete(
            (state, failure) -> {
              switch (state) {
                case ExecState.Running(var pid) -> {
                  var process = ProcessHandle.of(pid);
                  close.run();
                  process.ifPresent(ExecProcess::end);
                }
                case ExecState.Ended _ -> close.run();
                case ExecState.Starting _ -> abandonedLater(close, look, "it does not start");
                case null -> {
                  if (failure instanceof EngineException.NotFound) {
                    close.run();
                  } else {
                    abandonedLater(close, look, failure.getMessage());
                  }
                }
              }
            });
  }

  private void abandonedLater(Runnable close, int look, String reason) {
    if (look == MAX_LOOKS_AT_ABANDONED) {
      log.warn("Can't end the process of exec session {}: {}", id, reason);
      close.run();
    } else {
      var _ = after(FIRST_WAIT.multipliedBy(1L << look)).thenRun(() -> abandoned(close, look + 1));
    }
  }

  private static void end(ProcessHandle process) {
    var all = Stream.concat(process.descendants(), Stream.of(process)).toList();
    all.forEach(ProcessHandle::destroy);
    after(GRACE).thenRun(() -> all.forEach(ProcessHandle::destroyForcibly));
  }
}
