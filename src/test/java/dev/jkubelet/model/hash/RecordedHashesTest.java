package dev.jkubelet.model.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.json.GoJson;
import dev.jkubelet.model.manifest.Manifest;
import dev.jkubelet.model.manifest.ManifestDecoder;
import dev.jkubelet.model.manifest.PodDefaults;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recordings are of the kubelet's own code; the README beside them says how they were made. */
class RecordedHashesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "small.yaml",
        "empty-fields.yaml",
        "quantities.yaml",
        "containers.yaml",
        "volumes.yaml",
        "spec.yaml",
        "unknown-fields.yaml",
        "json.json",
      })
  void hashesAsTheKubeletDoes(String manifest) throws Exception {
    var entry = entry(manifest);
    var given = entry.tree().toJson();
    var pod = PodDefaults.apply(entry.pod());
    var recorded = text(manifest.replaceFirst("\\.\\w+$", ".recorded")).split("\n\n", 2);

    assertThat(PodHash.print(given, pod) + "\n").isEqualTo(recorded[1]);
    assertThat(PodHash.of(given, pod) + containers(pod)).isEqualTo(recorded[0]);
  }

  private static String containers(Pod pod) {
    var spec = pod.getSpec();
    return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream())
        .map(RecordedHashesTest::line)
        .reduce("", String::concat);
  }

  private static String line(Container container) {
    var json = new String(GoJson.bytes(container), StandardCharsets.UTF_8);
    return "\n" + ContainerHash.of(container) + " " + json;
  }

  private static Manifest.Entry entry(String manifest) throws Exception {
    var bytes = text(manifest).getBytes(StandardCharsets.UTF_8);
    return ManifestDecoder.decodePod(manifest, bytes).pods().getFirst();
  }

  private static String text(String name) throws IOException {
    try (var in = RecordedHashesTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
