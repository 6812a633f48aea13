package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jkubelet.runtime.PullProgress;
import java.util.HashMap;
import java.util.Map;

/** Adds up what the engine tells of each layer of an image. Confined to one stream. */
final class PulledLayers {
  /** More than the 127 that the engine takes; what a registry says beyond that is not counted. */
  private static final int MOST = 1024;

  private final Map<String, Layer> layers = new HashMap<>();

  private record Layer(boolean done, long bytes) {}

  /** True when there is news. */
  boolean heard(JsonNode message) {
    var id = message.path("id").asText();
    var before = layers.get(id);
    if (id.isEmpty() || (before == null && layers.size() == MOST)) {
      return false;
    }
    long bytes = before == null ? 0 : before.bytes();
    var after =
        switch (message.path("status").asText()) {
          case "Pulling fs layer" -> new Layer(false, bytes);
          case "Downloading" ->
              new Layer(
                  false, Math.max(bytes, message.path("progressDetail").path("current").asLong()));
          case "Already exists", "Pull complete" -> new Layer(true, bytes);
          default -> before;
        };
    if (after == null || after.equals(before)) {
      return false;
    }
    layers.put(id, after);
    return true;
  }

  PullProgress progress() {
    return new PullProgress(
        Math.toIntExact(layers.values().stream().filter(Layer::done).count()),
        layers.size(),
        layers.values().stream().mapToLong(Layer::bytes).sum());
  }
}
