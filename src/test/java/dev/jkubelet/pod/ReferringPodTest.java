package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that refers to objects of the cluster, as they come and go. */
class ReferringPodTest {
  private static final String NEEDS_SETTINGS =
      "{containers: [{name: main, image: 'app:1', envFrom: [{configMapRef: {name: settings}}]}]}";

  private static final String MOUNTS_SETTINGS =
      """
      {containers: [{name: main, image: 'app:1', volumeMounts: [{name: settings, mountPath: /s}]}],
       volumes: [{name: settings, configMap: {name: settings}}]}
      """;
  private static final String MOUNTS_TOKEN =
      """
      {containers: [{name: main, image: 'app:1', volumeMounts: [{name: token, mountPath: /t}]}],
       volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}]}
      """;

  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void startsByItselfOnceTheObjectIsThere() {
    var pod = RunningPod.start(machine, NEEDS_SETTINGS);

    var waiting = pod.awaitWaiting("main", "CreateContainerConfigError").getState().getWaiting();
    assertThat(waiting.getMessage()).isEqualTo("configmap \"settings\" not found");
    assertThat(machine.events())
        .contains(
            new FakeMachine.Recorded(
                "web", "main", "Warning", "Failed", "Error: configmap \"settings\" not found"));

    settings(Map.of("MODE", "dark"));
    machine.pass(Duration.ofSeconds(10));

    pod.awaitRunning("main", 0);
  }

  @Test
  void seesInItsVolumeWhatTheObjectIsNow() {
    settings(Map.of("mode", "dark"));
    var pod = RunningPod.start(machine, MOUNTS_SETTINGS);
    pod.awaitRunning("main", 0);
    assertThat(volume("configmap/settings/mode")).hasContent("dark");

    settings(Map.of("mode", "light"));
    pod.objectsChanged();

    machine.eventually(() -> assertThat(volume("configmap/settings/mode")).hasContent("light"));
    assertThat(pod.instances()).hasSize(1);
  }

  @Test
  void waitsForTheObjectOfAVolumeAndBeginsAsSoonAsItIsThere() {
    var pod = RunningPod.start(machine, MOUNTS_SETTINGS);
    machine.eventually(
        () ->
            assertThat(machine.events())
                .contains(
                    new FakeMachine.Recorded(
                        "web",
                        "",
                        "Warning",
                        "FailedMount",
                        "MountVolume.SetUp failed for volume \"settings\" : configmap \"settings\""
                            + " not found")));

    settings(Map.of("mode", "dark"));
    pod.objectsChanged();

    pod.awaitRunning("main", 0);
  }

  @Test
  void restartsItsContainersAlsoWhenTheObjectOfAVolumeIsGone() {
    settings(Map.of("mode", "dark"));
    var pod = RunningPod.start(machine, MOUNTS_SETTINGS);
    pod.awaitRunning("main", 0);

    machine.objects().configMaps.clear();
    pod.objectsChanged();
    machine.eventually(
        () -> assertThat(machine.events()).anyMatch(event -> event.reason().equals("FailedMount")));
    machine.engine().exit("main", 1);

    pod.awaitRunning("main", 1);
    assertThat(volume("configmap/settings/mode")).hasContent("dark");
  }

  @Test
  void getsANewTokenBeforeTheOldOneExpires() {
    machine.objects().tokenRenewal = machine.now().plus(Duration.ofMinutes(48));
    var pod = RunningPod.start(machine, MOUNTS_TOKEN);
    pod.awaitRunning("main", 0);
    assertThat(volume("projected/token/token")).hasContent("token-1");

    machine.objects().tokenRenewal = machine.now().plus(Duration.ofDays(1));
    machine.pass(Duration.ofMinutes(47));
    pod.expectQuiet();
    assertThat(volume("projected/token/token")).hasContent("token-1");

    machine.pass(Duration.ofMinutes(1));
    machine.eventually(() -> assertThat(volume("projected/token/token")).hasContent("token-2"));
    pod.terminate();
    pod.awaitEnd();
  }

  private Path volume(String path) {
    return machine.folder(RunningPod.UID).resolve("volumes/kubernetes.io~" + path);
  }

  @Test
  void tellsWhichKeysCantBeVariables() {
    settings(Map.of("1st", "x"));
    var pod = RunningPod.start(machine, NEEDS_SETTINGS);
    pod.awaitRunning("main", 0);

    assertThat(machine.events())
        .contains(
            new FakeMachine.Recorded(
                "web",
                "",
                "Warning",
                "InvalidEnvironmentVariableNames",
                "Keys [1st] from the EnvFrom configMap golden/settings were skipped since they are"
                    + " considered invalid environment variable names."));
  }

  @Test
  void letsTheObjectsGoAtItsEnd() {
    settings(Map.of());
    var pod = RunningPod.start(machine, NEEDS_SETTINGS);
    pod.awaitRunning("main", 0);
    assertThat(machine.objects().released).isEmpty();

    pod.terminate();
    pod.awaitEnd();

    assertThat(machine.objects().released).containsExactly(RunningPod.UID);
  }

  @Test
  void getsNoSandboxAsLongAsItsRuntimeIsAnother() {
    runtime("runsc");
    var pod =
        RunningPod.start(
            machine, "{runtimeClassName: special, containers: [{name: main, image: 'app:1'}]}");
    machine.eventually(
        () ->
            assertThat(machine.events())
                .contains(
                    new FakeMachine.Recorded(
                        "web",
                        "",
                        "Warning",
                        "FailedCreatePodSandBox",
                        "Failed to create pod sandbox: rpc error: code = Unknown desc ="
                            + " RuntimeHandler \"runsc\" not supported")));
    assertThat(pod.sandboxes()).isEmpty();

    runtime("docker");
    machine.pass(Duration.ofSeconds(10));

    pod.awaitRunning("main", 0);
  }

  private void settings(Map<String, String> data) {
    machine.objects().configMaps.put("settings", new ConfigMapBuilder().withData(data).build());
  }

  private void runtime(String handler) {
    machine
        .objects()
        .runtimeClasses
        .put("special", new RuntimeClassBuilder().withHandler(handler).build());
  }
}
