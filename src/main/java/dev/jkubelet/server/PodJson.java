package dev.jkubelet.server;

import dev.jkubelet.model.json.GoJson;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;

/** Pods and lists of pods, byte for byte as the kubelet's encoder writes them. */
public final class PodJson {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
  private static final byte[] BEFORE =
      "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":"
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] AFTER = "}\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NONE = "null".getBytes(StandardCharsets.UTF_8);

  private PodJson() {}

  /** One pod as an item of a list: one line, no newline, without {@code kind}. */
  public static byte[] item(Pod pod) {
    return GoJson.bytes(pod);
  }

  /** A PodList of items already written; ends with a newline. */
  static ByteString list(List<byte[]> items) {
    var size = items.stream().mapToInt(item -> item.length + 1).sum();
    var out = new ByteArrayOutputStream(BEFORE.length + AFTER.length + NONE.length + size);
    out.writeBytes(BEFORE);
    if (items.isEmpty()) {
      out.writeBytes(NONE);
    } else {
      for (int i = 0; i < items.size(); i++) {
        out.write(i == 0 ? '[' : ',');
        out.writeBytes(items.get(i));
      }
      out.write(']');
    }
    out.writeBytes(AFTER);
    return ByteString.fromArrayUnsafe(out.toByteArray());
  }

  /**
   * What runs, as the kubelet reads it off the engine: names, UIDs and the running containers, of
   * every pod whose sandbox has not been stopped for good.
   */
  static ByteString running(List<PodSnapshot> pods) {
    return list(pods.stream().flatMap(pod -> running(pod).map(PodJson::item)).toList());
  }

  private static Stream<Pod> running(PodSnapshot snapshot) {
    var containers =
        snapshot.containers().values().stream()
            .flatMap(container -> container.current().stream().map(now -> running(container, now)))
            .flatMap(running -> running)
            .toList();
    var status = snapshot.pod().getStatus();
    if (containers.isEmpty() && status != null && ENDED.contains(status.getPhase())) {
      return Stream.empty();
    }
    var meta = snapshot.pod().getMetadata();
    return Stream.of(
        new PodBuilder()
            .withNewMetadata()
            .withName(meta.getName())
            .withNamespace(meta.getNamespace())
            .withUid(meta.getUid())
            .endMetadata()
            .withNewSpec()
            .withContainers(containers)
            .endSpec()
            .build());
  }

  private static Stream<Container> running(
      ContainerSnapshot container, ContainerSnapshot.Instance instance) {
    return instance.running()
        ? Stream.of(
            new ContainerBuilder().withName(container.name()).withImage(instance.imageId()).build())
        : Stream.empty();
  }
}
