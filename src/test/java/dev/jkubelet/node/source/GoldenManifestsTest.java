package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.model.json.GoJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight manifests and what the kubelet 1.20.2 made of them on a node called golden-node. */
class GoldenManifestsTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "besteffort",
        "crash",
        "done",
        "guaranteed",
        "hostnet",
        "noimage",
        "unhealthy",
        "web"
      })
  void showsThePodAsTheKubeletDoes(String name) throws Exception {
    var origin = new ManifestOrigin.File(Path.of("/etc/kubernetes/manifests", name + ".yaml"));
    var pod =
        new ManifestReader("golden-node").read(origin, resource(name + ".yaml")).pods().getFirst();
    var golden = golden(name + "-golden-node");
    var ours = MAPPER.readTree(GoJson.bytes(pod));
    assertThat(ours.get("spec")).isEqualTo(golden.get("spec"));
    assertThat(identity(ours)).isEqualTo(identity(golden));
    assertThat(pod.getMetadata().getUid()).matches("[0-9a-f]{32}");
    assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
  }

  /** The metadata without what differs by time and by the way of hashing. */
  private static JsonNode identity(JsonNode pod) {
    ObjectNode metadata = pod.get("metadata").deepCopy();
    metadata.remove("uid");
    metadata.remove("creationTimestamp");
    ObjectNode annotations = (ObjectNode) metadata.get("annotations");
    annotations.remove(StaticPod.CONFIG_HASH);
    annotations.remove(StaticPod.CONFIG_SEEN);
    return metadata;
  }

  private static JsonNode golden(String name) throws IOException {
    for (var pod : MAPPER.readTree(resource("pods.json")).get("items")) {
      if (pod.get("metadata").get("name").asText().equals(name)) {
        return pod;
      }
    }
    throw new AssertionError("no golden pod " + name);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        GoldenManifestsTest.class.getResourceAsStream(
            "/dev/jkubelet/model/manifest/golden/" + name)) {
      return in.readAllBytes();
    }
  }
}
