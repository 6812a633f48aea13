package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.TerminalSize;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A container's first process, which lives as long as the container does, whoever looks on. */
final class AttachedContainer implements HijackedStreams.Subject {
  private final String id;
  private final Streams streams;
  private final ExecProcess.Calls calls;

  AttachedContainer(String id, Streams streams, ExecProcess.Calls calls) {
    this.id = id;
    this.streams = streams;
    this.calls = calls;
  }

  @Override
  public CompletionStage<Void> resize(TerminalSize size) {
    return calls.call(
        "docker resize " + id,
        () -> {
          streams.resizeContainer(id, size);
          return null;
        });
  }

  @Override
  public CompletionStage<OptionalInt> exitCode() {
    return CompletableFuture.completedStage(OptionalInt.empty());
  }

  @Override
  public void abandoned(Runnable close) {
    close.run();
  }
}
