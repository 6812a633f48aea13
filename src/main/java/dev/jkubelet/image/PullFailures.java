package dev.jkubelet.image;

import dev.jkubelet.model.GoQuoted;
import dev.jkubelet.runtime.EngineException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What becomes of a pod whose image can't be had, and what it is told. */
final class PullFailures {
  private static final String DAEMON = "Error response from daemon: ";

  /** The engine's only trace of a registry's 502, 503 or 504. */
  private static final Pattern GATEWAY =
      Pattern.compile("unexpected (HTTP )?status(\\s?code)?:? .*?\\b50[234]\\b");

  private PullFailures() {}

  /** Whether it is here can't be told. */
  static PullOutcome notInspected(String image, Throwable failure, Consumer<PullEvent> events) {
    var message = "Failed to inspect image " + GoQuoted.of(image) + ": " + rpcError(cause(failure));
    events.accept(PullEvent.inspectFailed(message));
    return new PullOutcome.ImageInspectError(message);
  }

  /** A registry that is away is told apart from one that refuses. */
  static PullOutcome notPulled(String image, Throwable failure, Consumer<PullEvent> events) {
    var message = rpcError(cause(failure));
    events.accept(PullEvent.failed(image, message));
    return GATEWAY.matcher(message).find()
        ? new PullOutcome.RegistryUnavailable(
            "image pull failed for " + image + " because the registry is unavailable.")
        : new PullOutcome.ErrImagePull(message);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** The words that reach users of a kubelet, whose engine answers through gRPC. */
  private static String rpcError(Throwable failure) {
    if (failure instanceof PullRefused refused) {
      return refused.failures().stream()
          .map(PullFailures::rpcError)
          .distinct()
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (failure instanceof BadDockerConfig) {
      return failure.getMessage();
    }
    var message = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
    boolean answered =
        failure instanceof EngineException.Refused
            || failure instanceof EngineException.NotFound
            || failure instanceof EngineException.Conflict;
    return "rpc error: code = Unknown desc = "
        + (answered && !message.startsWith(DAEMON) ? DAEMON : "")
        + message;
  }
}
