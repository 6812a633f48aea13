package dev.jkubelet.pod;

import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.log.ContainerLog;
import dev.jkubelet.runtime.log.LogOptions;
import dev.jkubelet.volume.PodFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * What a container that ended has left to say: in its termination log or, if it said nothing there,
 * failed and its spec allows it, at the end of its log.
 */
final class LastWords {
  private static final LogOptions TAIL =
      new LogOptions(false, false, OptionalLong.of(80), OptionalLong.empty(), Optional.empty());

  /** Bytes of the log's end that are kept. */
  private static final int MAX_OF_LOG = 2048;

  private LastWords() {}

  static CompletionStage<Optional<String>> of(
      ContainerInspection ended, PodFiles files, ActorSystem<?> system) {
    return files
        .terminationMessage(ended)
        .thenCompose(
            message ->
                message.isEmpty() && inLog(ended)
                    ? ended.logPath().map(log -> end(log, system)).orElseThrow()
                    : CompletableFuture.completedStage(message));
  }

  /** One that could not even start has no log. */
  private static boolean inLog(ContainerInspection ended) {
    return "FallbackToLogsOnError".equals(ended.labels().get(ContainerLabels.MESSAGE_POLICY))
        && ended.exitCode() != 0
        && ended.finishedAt().isPresent()
        && ended.logPath().isPresent();
  }

  private static CompletionStage<Optional<String>> end(Path log, ActorSystem<?> system) {
    return ContainerLog.read(log, TAIL, () -> CompletableFuture.completedStage(false))
        .runWith(
            Sink.fold(
                ByteString.emptyByteString(),
                (all, piece) -> all.concat(piece).takeRight(MAX_OF_LOG)),
            system)
        .thenApply(bytes -> Optional.of(bytes.utf8String()).filter(text -> !text.isEmpty()))
        .exceptionally(
            failure ->
                Optional.of(
                    "Error on reading termination message from logs: "
                        + ContainerCalls.cause(failure).getMessage()));
  }
}
