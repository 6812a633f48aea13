package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which runtime a pod's {@code runtimeClassName} asks for. There is one, the engine's default, by
 * two names; a node without an API server has no classes and does not mind.
 */
final class RuntimeHandler {
  private static final String DEFAULT = "";
  private static final String DOCKER = "docker";

  private RuntimeHandler() {}

  /** The pod can't have a sandbox as its runtime class is; the message is for its events. */
  static final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsupported(String why) {
      super("Failed to create pod sandbox: " + why);
    }
  }

  /** Fails with {@link Unsupported} for a class that is not there or wants another runtime. */
  static CompletionStage<Void> check(Pod pod, PodObjects objects) {
    var name = pod.getSpec().getRuntimeClassName();
    if (name == null || name.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    return objects
        .runtimeClass(name)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                return unknown(name, ContainerCalls.cause(failure));
              }
              return found
                  .map(known -> refusal(known.getHandler()))
                  .orElseGet(
                      () ->
                          Optional.of("runtimeclass.node.k8s.io \"%s\" not found".formatted(name)));
            })
        .thenCompose(
            why ->
                why.<CompletionStage<Void>>map(
                        text -> CompletableFuture.failedStage(new Unsupported(text)))
                    .orElseGet(() -> CompletableFuture.completedStage(null)));
  }

  private static Optional<String> unknown(String name, Throwable failure) {
    return failure instanceof PodObjects.NoApiServer
        ? Optional.empty()
        : Optional.of("failed to lookup RuntimeClass %s: %s".formatted(name, failure.getMessage()));
  }

  private static Optional<String> refusal(String handler) {
    return switch (handler) {
      case null -> Optional.empty();
      case DEFAULT, DOCKER -> Optional.empty();
      case String other ->
          Optional.of(
              "rpc error: code = Unknown desc = RuntimeHandler \"%s\" not supported"
                  .formatted(other));
    };
  }
}
