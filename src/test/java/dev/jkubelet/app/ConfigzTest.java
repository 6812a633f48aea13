package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigzTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static String recorded() throws IOException {
    try (var in = ConfigzTest.class.getResourceAsStream("configz.http")) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return JSON.readTree(text.substring(text.indexOf("\n{"))).toString();
    }
  }

  /** The flags are those that the reference node ran with, and the one default that is ours. */
  @Test
  void isTheReferenceKubeletsByteForByte() throws IOException {
    var ours =
        Given.options(
            "--serialize-image-pulls=true",
            "--pod-manifest-path=RUN_DIR/manifests",
            "--cert-dir=RUN_DIR/certs",
            "--resolv-conf=RUN_DIR/resolv.conf",
            "--port=20250",
            "--read-only-port=20255",
            "--healthz-port=20248",
            "--oom-score-adj=0",
            "--image-gc-high-threshold=100",
            "--kubelet-cgroups=/golden/kubelet",
            "--cgroup-root=/golden",
            "--eviction-hard=imagefs.available<1%,memory.available<100Mi,nodefs.available<1%",
            "--fail-swap-on=false");
    assertThat(JSON.writeValueAsString(ours.configz())).isEqualTo(recorded());
  }

  @Test
  void showsWhatTheFileSays(@TempDir Path folder) throws IOException {
    var file =
        Given.file(
            folder,
            """
            featureGates: {B: false, A: true}
            nodeStatusUpdateFrequency: 1500ms
            evictionHard: {memory.available: 1Gi}
            enforceNodeAllocatable: []
            """);
    var all = JSON.readTree(JSON.writeValueAsString(Given.options(file).configz()));
    var config = all.get("kubeletconfig");
    assertThat(config.get("featureGates")).hasToString("{\"A\":true,\"B\":false}");
    assertThat(config.get("nodeStatusReportFrequency").asText()).isEqualTo("1.5s");
    assertThat(config.get("evictionHard")).hasToString("{\"memory.available\":\"1Gi\"}");
    assertThat(config.has("enforceNodeAllocatable")).isFalse();
    assertThat(config.get("authorization").get("mode").asText()).isEqualTo("Webhook");
    assertThat(config.has("readOnlyPort")).isFalse();
  }

  @Test
  void mergesFeatureGatesOfFileAndFlags(@TempDir Path folder) {
    var file = Given.file(folder, "featureGates: {A: true, B: true}");
    assertThat(Given.configuration(file, "--feature-gates=B=false,C=true").value("featureGates"))
        .hasToString("{A=true, B=false, C=true}");
  }
}
