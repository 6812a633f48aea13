package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.manifest.ManifestDecoder;
import dev.jkubelet.model.manifest.PodDefaults;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticPodTest {
  private static final ManifestOrigin FILE = new ManifestOrigin.File(Path.of("/m/web.yaml"));
  private static final ManifestOrigin URL = new ManifestOrigin.Url(URI.create("http://host/pods"));
  private static final String HASH = "9ec3431cfe21f9acbd4cb56fb84c92b0";
  private static final String WEB =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}";

  @Test
  void givesThePodToTheNode() throws Exception {
    var pod = StaticPod.adopt(pod(WEB), HASH, "Node-A", FILE);
    assertThat(pod.getMetadata().getName()).isEqualTo("web-node-a");
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(pod.getMetadata().getSelfLink())
        .isEqualTo("/api/v1/namespaces/default/pods/web-node-a");
    assertThat(pod.getSpec().getNodeName()).isEqualTo("Node-A");
    assertThat(pod.getMetadata().getUid()).isEqualTo(HASH);
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry(StaticPod.CONFIG_HASH, HASH)
        .containsEntry(StaticPod.CONFIG_SOURCE, "file");
  }

  @Test
  void keepsAUidThatTheManifestGives() throws Exception {
    var pod = StaticPod.adopt(pod(WEB.replace("web", "web, uid: my-uid")), HASH, "node", FILE);
    assertThat(pod.getMetadata().getUid()).isEqualTo("my-uid");
    assertThat(pod.getMetadata().getAnnotations()).containsEntry(StaticPod.CONFIG_HASH, "my-uid");
  }

  @Test
  void toleratesEvictionOfFilesOnlyAndOnce() throws Exception {
    assertThat(StaticPod.adopt(pod(WEB), HASH, "node", URL).getSpec().getTolerations()).isEmpty();
    var tolerant =
        WEB.replace(
            "spec: {", "spec: {tolerations: [{operator: Exists, effect: NoExecute}, {key: a}], ");
    assertThat(StaticPod.adopt(pod(tolerant), HASH, "node", FILE).getSpec().getTolerations())
        .hasSize(2);
  }

  @Test
  void dropsAStatusThatTheManifestClaims() throws Exception {
    var pod =
        StaticPod.adopt(pod(WEB + "\nstatus: {phase: Running, podIP: 1.2.3.4}"), HASH, "n", FILE);
    assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
    assertThat(pod.getStatus().getPodIP()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T13:06:08.775272852Z, 2026-11-23T13:06:08.775272852Z",
    "2026-11-23T13:06:08.770Z, 2026-11-23T13:06:08.77Z",
    "2026-11-23T13:06:08Z, 2026-11-23T13:06:08Z",
  })
  void writesTheMomentAsGoDoes(Instant moment, String text) throws Exception {
    var pod = StaticPod.seen(StaticPod.adopt(pod(WEB), HASH, "node", FILE), moment);
    assertThat(pod.getMetadata().getAnnotations()).containsEntry(StaticPod.CONFIG_SEEN, text);
  }

  @Test
  void keepsPasswordsOutOfMessages() {
    var url = new ManifestOrigin.Url(URI.create("https://me:secret@host:8443/pods?a=b%20c"));
    assertThat(url.shown()).isEqualTo("https://host:8443/pods?a=b%20c");
  }

  private static Pod pod(String text) throws Exception {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return PodDefaults.apply(ManifestDecoder.decodePod("web", bytes).pods().getFirst().pod());
  }
}
