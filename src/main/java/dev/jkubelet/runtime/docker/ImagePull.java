package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One pull; it may last as long as it likes, but not keep silent for longer than its limit. */
final class ImagePull {
  private final String reference;
  private final Duration progressLimit;
  private final Engine engine;
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private final Consumer<PullProgress> listener;
  private final PulledLayers layers = new PulledLayers();
  private volatile long heardAt = System.nanoTime();
  private volatile String lastStatus = "no progress";
  private volatile EngineException refusal;

  private ImagePull(
      String reference, Duration progressLimit, Engine engine, Consumer<PullProgress> listener) {
    this.reference = reference;
    this.progressLimit = progressLimit;
    this.engine = engine;
    this.listener = listener;
  }

  static CompletableFuture<Void> start(
      Engine engine,
      String reference,
      Optional<RegistryCredentials> credentials,
      Duration progressLimit,
      Consumer<PullProgress> listener) {
    var pull = new ImagePull(reference, progressLimit, engine, listener);
    var stream =
        new JsonStream(
            "docker-pull", engine, pull.request(credentials), pull::onMessage, pull::onEnd);
    pull.watch(stream, progressLimit.toNanos());
    return pull.result;
  }

  private Request request(Optional<RegistryCredentials> credentials) {
    var image = ImageReference.parse(reference);
    var request =
        Request.builder()
            .method(Request.Method.POST)
            .path(
                "/images/create?fromImage="
                    + Engine.encoded(image.repository())
                    + "&tag="
                    + Engine.encoded(image.version()))
            .bodyBytes();
    credentials.ifPresent(known -> request.putHeader("X-Registry-Auth", header(known)));
    return request.build();
  }

  private String header(RegistryCredentials credentials) {
    var auth =
        engine
            .json()
            .createObjectNode()
            .put("username", credentials.username())
            .put("password", credentials.password())
            .put("serveraddress", credentials.server());
    return Base64.getUrlEncoder().encodeToString(auth.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void onMessage(JsonNode message) {
    heardAt = System.nanoTime();
    var error =
        message.path("errorDetail").path("message").asText(message.path("error").asText(""));
    if (error.isEmpty()) {
      lastStatus = message.path("status").asText(lastStatus);
      if (layers.heard(message)) {
        listener.accept(layers.progress());
      }
      return;
    }
    // A registry's gateway answers with a page of HTML, unfit for a status without this word.
    var unavailable =
        switch (message.path("errorDetail").path("code").asInt()) {
          case 502, 503, 504 -> "RegistryUnavailable: ";
          default -> "";
        };
    refusal = new EngineException.Refused(unavailable + error, null);
  }

  private void onEnd(Optional<Throwable> failure) {
    if (refusal != null) {
      result.completeExceptionally(refusal);
    } else if (failure.isPresent()) {
      result.completeExceptionally(asRefusal(engine.errors.of(failure.get())));
    } else {
      result.complete(null);
    }
  }

  /** What the engine answers with 404 or 409 is the registry's word, not about a local image. */
  private static EngineException asRefusal(EngineException failure) {
    return switch (failure) {
      case EngineException.NotFound _ -> new EngineException.Refused(failure.getMessage(), failure);
      case EngineException.Conflict _ -> new EngineException.Refused(failure.getMessage(), failure);
      case EngineException.Unavailable unchanged -> unchanged;
      case EngineException.TimedOut unchanged -> unchanged;
      case EngineException.Refused unchanged -> unchanged;
    };
  }

  private void watch(JsonStream stream, long nanos) {
    CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
        .execute(
            () -> {
              if (result.isDone()) {
                return;
              }
              var left = progressLimit.toNanos() - (System.nanoTime() - heardAt);
              if (left > 0) {
                watch(stream, left);
                return;
              }
              stream.close();
              result.completeExceptionally(
                  new EngineException.TimedOut(
                      "pulling image %s: no progress within %s, last: %s"
                          .formatted(reference, progressLimit, lastStatus),
                      null));
            });
  }
}
