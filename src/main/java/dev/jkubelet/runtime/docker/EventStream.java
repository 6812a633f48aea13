package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.RuntimeEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** The engine's events of pods' containers. */
final class EventStream {
  private static final String FILTERS =
      """
      {"type":["container"],"label":["%s"],"event":["create","start","die","oom","destroy"]}"""
          .formatted(DockerLabels.TYPE);

  private EventStream() {}

  /** The engine keeps recent events: asking since now leaves no gap before it listens. */
  static JsonStream open(
      Engine engine, Instant since, Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    var path =
        "/events?since=%d.%09d&filters=%s"
            .formatted(since.getEpochSecond(), since.getNano(), Engine.encoded(FILTERS));
    return new JsonStream(
        "docker-events",
        engine,
        Request.builder().method(Request.Method.GET).path(path).build(),
        value -> event(value).ifPresent(onEvent),
        failure ->
            onEnd.accept(
                failure
                    .map(engine.errors::of)
                    .orElseGet(
                        () ->
                            new EngineException.Unavailable(
                                "the engine ended its event stream", null))));
  }

  private static Optional<RuntimeEvent> event(JsonNode value) {
    var attributes = value.path("Actor").path("Attributes");
    return kind(value.path("Action").asText())
        .map(
            kind ->
                new RuntimeEvent(
                    kind,
                    value.path("Actor").path("ID").asText(),
                    attributes.path(DockerLabels.POD_UID).asText(),
                    attributes.path(DockerLabels.CONTAINER_NAME).asText()));
  }

  private static Optional<RuntimeEvent.Kind> kind(String action) {
    return switch (action) {
      case "create" -> Optional.of(RuntimeEvent.Kind.CREATE);
      case "start" -> Optional.of(RuntimeEvent.Kind.START);
      case "die" -> Optional.of(RuntimeEvent.Kind.DIE);
      case "oom" -> Optional.of(RuntimeEvent.Kind.OOM);
      case "destroy" -> Optional.of(RuntimeEvent.Kind.DESTROY);
      default -> Optional.empty();
    };
  }
}
