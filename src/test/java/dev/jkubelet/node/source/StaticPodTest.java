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
  private static final String WEB =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}";

  @Test
  void givesThePodToTheNode() throws Exception {
    var pod = StaticPod.adopt(pod(WEB), "Node-A", FILE);
    assertThat(pod.getMetadata().getName()).isEqualTo("web-node-a");
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(pod.getMetadata().getSelfLink())
        .isEqualTo("/api/v1/namespaces/default/pods/web-node-a");
    assertThat(pod.getSpec().getNodeName()).isEqualTo("Node-A");
    assertThat(pod.getMetadata().getUid()).matches("[0-9a-f]{32}");
    assertThat(pod.getMetadata().getAnnotations())
        .containsEntry(StaticPod.CONFIG_HASH, pod.getMetadata().getUid())
        .containsEntry(StaticPod.CONFIG_SOURCE, "file");
  }

  @Test
  void hashesWhatIsMeantNotHowItIsWritten() throws Exception {
    var uid = uid(WEB, "node", FILE);
    var rewritten =
        """
        # the same, in other words
        kind: Pod
        apiVersion: v1
        spec:
          restartPolicy: Always
          containers:
          - image: b
            name: a
        metadata:
          name: web
        """;
    assertThat(uid(rewritten, "node", FILE)).isEqualTo(uid);
    assertThat(uid(WEB.replace("image: b", "image: c"), "node", FILE)).isNotEqualTo(uid);
    assertThat(uid(WEB, "other", FILE)).isNotEqualTo(uid);
    assertThat(uid(WEB, "node", URL)).isNotEqualTo(uid);
    assertThat(uid(WEB, "node", new ManifestOrigin.File(Path.of("/m/b.yaml")))).isNotEqualTo(uid);
  }

  @Test
  void hashesAlikeInEveryRunOfTheAgent() throws Exception {
    var labelled =
        WEB.replace("{name: web}", "{name: web, labels: {b: '1', a: '2', c: '3', d: '4'}}");
    var reordered =
        WEB.replace("{name: web}", "{name: web, labels: {d: '4', c: '3', a: '2', b: '1'}}");
    assertThat(uid(labelled, "node", FILE)).isEqualTo(uid(reordered, "node", FILE));
    // A changed hash would restart every static pod when the agent is upgraded.
    assertThat(uid(WEB, "node", FILE)).isEqualTo("9ec3431cfe21f9acbd4cb56fb84c92b0");
  }

  @Test
  void keepsAUidThatTheManifestGives() throws Exception {
    var pod = StaticPod.adopt(pod(WEB.replace("web", "web, uid: my-uid")), "node", FILE);
    assertThat(pod.getMetadata().getUid()).isEqualTo("my-uid");
    assertThat(pod.getMetadata().getAnnotations()).containsEntry(StaticPod.CONFIG_HASH, "my-uid");
  }

  @Test
  void toleratesEvictionOfFilesOnlyAndOnce() throws Exception {
    assertThat(StaticPod.adopt(pod(WEB), "node", URL).getSpec().getTolerations()).isEmpty();
    var tolerant =
        WEB.replace(
            "spec: {", "spec: {tolerations: [{operator: Exists, effect: NoExecute}, {key: a}], ");
    assertThat(StaticPod.adopt(pod(tolerant), "node", FILE).getSpec().getTolerations()).hasSize(2);
  }

  @Test
  void dropsAStatusThatTheManifestClaims() throws Exception {
    var pod = StaticPod.adopt(pod(WEB + "\nstatus: {phase: Running, podIP: 1.2.3.4}"), "n", FILE);
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
    var pod = StaticPod.seen(StaticPod.adopt(pod(WEB), "node", FILE), moment);
    assertThat(pod.getMetadata().getAnnotations()).containsEntry(StaticPod.CONFIG_SEEN, text);
  }

  @Test
  void keepsPasswordsOutOfMessages() {
    var url = new ManifestOrigin.Url(URI.create("https://me:secret@host:8443/pods?a=b%20c"));
    assertThat(url.shown()).isEqualTo("https://host:8443/pods?a=b%20c");
  }

  private static String uid(String text, String node, ManifestOrigin origin) throws Exception {
    return StaticPod.adopt(pod(text), node, origin).getMetadata().getUid();
  }

  private static Pod pod(String text) throws Exception {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return PodDefaults.apply(ManifestDecoder.decodePod("web", bytes).pods().getFirst().pod());
  }
}
