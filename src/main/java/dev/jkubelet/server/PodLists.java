package dev.jkubelet.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.util.ByteString;

/**
 * PodLists as Go's encoder writes them: zero values that have no omitempty are there, and the text
 * is one line.
 */
final class PodLists {
  private static final ByteString HEAD =
      ByteString.fromString(
          "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":");
  private static final ByteString EMPTY = ByteString.fromString("null}\n");
  private static final ByteString TAIL = ByteString.fromString("]}\n");
  private static final ByteString COMMA = ByteString.fromString(",");
  private static final ByteString OPEN = ByteString.fromString("[");

  private final ObjectMapper json = new ObjectMapper();
  private final ConcurrentHashMap<String, Written> written = new ConcurrentHashMap<>();

  private record Written(PodSnapshot snapshot, ByteString text) {}

  /** The body of {@code /pods}. A pod is written once per change of it. */
  ByteString pods(List<PodSnapshot> pods) {
    written.keySet().retainAll(pods.stream().map(PodLists::uid).toList());
    return list(pods.stream().map(this::text).toList());
  }

  /** The body of {@code /runningpods/}: what the engine runs, by the pods' own account. */
  ByteString running(List<PodSnapshot> pods) {
    return list(
        pods.stream()
            .filter(p -> p.containers().values().stream().anyMatch(c -> c.current().isPresent()))
            .map(p -> ByteString.fromString(runningPod(p).toString()))
            .toList());
  }

  private static ByteString list(List<ByteString> items) {
    if (items.isEmpty()) {
      return HEAD.concat(EMPTY);
    }
    var body = HEAD.concat(OPEN).concat(items.getFirst());
    for (var item : items.subList(1, items.size())) {
      body = body.concat(COMMA).concat(item);
    }
    return body.concat(TAIL).compact();
  }

  @SuppressWarnings(
      "ReferenceEquality") // the same snapshot, not an equal one: comparing two pods would cost
  // more than writing one
  private ByteString text(PodSnapshot snapshot) {
    var known = written.get(uid(snapshot));
    if (known != null && known.snapshot() == snapshot) {
      return known.text();
    }
    var text = write(snapshot);
    written.put(uid(snapshot), new Written(snapshot, text));
    return text;
  }

  private ByteString write(PodSnapshot snapshot) {
    ObjectNode pod = json.valueToTree(snapshot.pod());
    pod.remove(List.of("kind", "apiVersion"));
    var meta = (ObjectNode) pod.get("metadata");
    if (!meta.has("creationTimestamp")) {
      meta.putNull("creationTimestamp");
    }
    var spec = (ObjectNode) pod.get("spec");
    for (var list : List.of("containers", "initContainers")) {
      spec.withArray(list)
          .forEach(
              c -> {
                if (!c.has("resources")) {
                  ((ObjectNode) c).putObject("resources");
                }
              });
      if (spec.withArray(list).isEmpty()) {
        spec.remove(list);
      }
    }
    if (pod.get("status") instanceof ObjectNode status) {
      status
          .path("conditions")
          .forEach(
              c -> {
                if (!c.has("lastProbeTime")) {
                  ((ObjectNode) c).putNull("lastProbeTime");
                }
              });
      for (var list : List.of("containerStatuses", "initContainerStatuses")) {
        status.path(list).forEach(c -> complete((ObjectNode) c));
      }
    }
    try {
      return ByteString.fromArrayUnsafe(
          json.writeValueAsString(pod).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a pod that was read can't be written", impossible);
    }
  }

  private static void complete(ObjectNode status) {
    for (var state : List.of("state", "lastState")) {
      if (!status.has(state)) {
        status.putObject(state);
      }
    }
    for (var text : List.of("image", "imageID")) {
      if (!status.has(text)) {
        status.put(text, "");
      }
    }
  }

  private ObjectNode runningPod(PodSnapshot snapshot) {
    var meta = snapshot.pod().getMetadata();
    var pod = json.createObjectNode();
    pod.putObject("metadata")
        .put("name", meta.getName())
        .put("namespace", meta.getNamespace())
        .put("uid", meta.getUid())
        .putNull("creationTimestamp");
    var spec = pod.putObject("spec");
    var running =
        snapshot.containers().values().stream()
            .filter(c -> c.current().filter(ContainerSnapshot.Instance::running).isPresent())
            .toList();
    if (running.isEmpty()) {
      spec.putNull("containers");
    } else {
      var containers = spec.putArray("containers");
      running.forEach(
          c ->
              containers
                  .addObject()
                  .put("name", c.name())
                  .put(
                      "image",
                      c.current()
                          .orElseThrow()
                          .imageId()
                          .replaceFirst("^docker(-pullable)?://", ""))
                  .putObject("resources"));
    }
    pod.putObject("status");
    return pod;
  }

  private static String uid(PodSnapshot snapshot) {
    return snapshot.pod().getMetadata().getUid();
  }
}
