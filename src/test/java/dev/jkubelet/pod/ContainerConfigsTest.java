package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.Allocatable;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerConfig.Mount;
import dev.jkubelet.runtime.ContainerConfig.Resources;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.SandboxConfig.LogLimits;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerConfigsTest {
  private static final Path ETC_HOSTS = Path.of("/pods/a7af/etc-hosts");
  private static final Path LOG = Path.of("/pods/a7af/containers/httpd/797b56ac");

  private static final Pod WEB =
      Specs.pod(
          """

            terminationGracePeriodSeconds: 2
            containers:
            - name: httpd
              image: busybox:1.36
              command: [httpd, -p, $(PORT)]
              args: ["$$(PORT)"]
              workingDir: /www
              stdin: true
              tty: true
              ports: [{name: http, containerPort: 8080, hostPort: 28080, protocol: TCP}]
              env: [{name: PORT, value: "8080"}]
              resources: {requests: {cpu: 50m, memory: 16Mi}, limits: {cpu: 200m, memory: 64Mi}}
              terminationMessagePath: /dev/termination-log
              terminationMessagePolicy: File
          """);

  @Test
  void tellsTheEngineAllOfTheSpec() {
    var config = ready(WEB, true);

    assertThat(config.pod().uid()).isEqualTo("a7af");
    assertThat(config.name()).isEqualTo("httpd");
    assertThat(config.attempt()).isEqualTo(3);
    assertThat(config.sandboxId()).isEqualTo("box");
    assertThat(config.imageId()).isEqualTo("sha256:0690");
    assertThat(config.command()).containsExactly("httpd", "-p", "8080");
    assertThat(config.args()).containsExactly("$(PORT)");
    assertThat(config.env()).containsExactly("PORT=8080");
    assertThat(config.workingDir()).isEqualTo("/www");
    assertThat(config.user()).isEqualTo("0");
    assertThat(config.cgroupParent()).isEqualTo("/kubepods/burstable/poda7af");
    assertThat(config.stdin()).isTrue();
    assertThat(config.stdinOnce()).isFalse();
    assertThat(config.tty()).isTrue();
    assertThat(config.logPath()).hasToString("/var/log/pods/golden_web-node1_a7af/httpd/3.log");
    assertThat(config.logLimits()).isEqualTo(new LogLimits(10, 5));
  }

  @Test
  void labelsItAsTheKubeletDoes() {
    var labels = new TreeMap<>(ready(WEB, true).labels());

    assertThat(labels.remove("annotation.io.kubernetes.container.hash")).matches("[0-9a-f]{1,8}");
    assertThat(labels)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "annotation.io.kubernetes.container.restartCount", "3",
                "annotation.io.kubernetes.container.terminationMessagePath", "/dev/termination-log",
                "annotation.io.kubernetes.container.terminationMessagePolicy", "File",
                "annotation.io.kubernetes.container.ports",
                    "[{\"name\":\"http\",\"hostPort\":28080,\"containerPort\":8080,\"protocol\":\"TCP\"}]",
                "annotation.io.kubernetes.pod.terminationGracePeriod", "2"));
  }

  @Test
  void notesAPreStopHook() {
    var pod =
        Specs.pod("{containers: [{name: httpd, lifecycle: {preStop: {exec: {command: [sync]}}}}]}");

    assertThat(ready(pod, true).labels())
        .containsEntry(
            "annotation.io.kubernetes.container.preStopHandler",
            "{\"exec\":{\"command\":[\"sync\"]}}");
  }

  @ParameterizedTest
  @CsvSource({
    "'{requests: {cpu: 50m, memory: 16Mi}, limits: {cpu: 200m, memory: 64Mi}}', 51, 20000,"
        + " 67108864, 999",
    "'{limits: {cpu: 100m, memory: 32Mi}, requests: {cpu: 100m, memory: 32Mi}}', 102, 10000,"
        + " 33554432, -997",
    "{limits: {cpu: 500m}}, 512, 50000, 0, 999",
    "{}, 2, 0, 0, 1000",
  })
  void convertsResources(String resources, long shares, long quota, long memory, int oomScore) {
    var pod = Specs.pod("{containers: [{name: httpd, resources: " + resources + "}]}");

    assertThat(ready(pod, true).resources())
        .isEqualTo(new Resources(shares, quota, 100_000, memory, oomScore));
    assertThat(ready(pod, false).resources().oomScoreAdj()).isEqualTo(Math.max(0, oomScore));
  }

  @Test
  void mountsVolumesThenTheFilesOfTheKubelet() {
    assertThat(ready(WEB, true).mounts())
        .containsExactly(
            new Mount(Path.of("/pods/www"), "/www", false, "rprivate"),
            new Mount(ETC_HOSTS, "/etc/hosts", false, "rprivate"),
            new Mount(LOG, "/dev/termination-log", false, "rprivate"));
  }

  @Test
  void leavesAHostsFileOfTheContainersOwnAlone() {
    var own = new Mount(Path.of("/pods/www/hosts"), "/etc/hosts", true, "rprivate");
    var outcome =
        outcome(WEB, true, (_, _, _, _) -> CompletableFuture.completedStage(List.of(own)));

    assertThat(((ContainerConfigs.Ready) outcome).config().mounts())
        .containsExactly(own, new Mount(LOG, "/dev/termination-log", false, "rprivate"));
  }

  @Test
  void mountsNoTerminationLogWhereNoneIsWanted() {
    var pod = Specs.pod("{containers: [{name: httpd, terminationMessagePath: ''}]}");

    assertThat(ready(pod, true).mounts()).noneMatch(m -> m.hostPath().equals(LOG));
  }

  @Test
  void saysWhyItCantBeDone() {
    var pod =
        Specs.pod("{containers: [{name: httpd, envFrom: [{configMapRef: {name: settings}}]}]}");

    var missing = new EnvReferences.Lookup.Missing("configmap \"settings\" not found");
    assertThat(
            outcome(
                pod,
                true,
                new EnvReferences(
                    Map.of("settings", missing), Map.of(), EnvReferences.NONE.services()),
                (_, _, _, _) -> CompletableFuture.completedStage(List.of())))
        .isEqualTo(
            new ContainerConfigs.ConfigFailure(
                "CreateContainerConfigError", "configmap \"settings\" not found"));
  }

  @Test
  void saysWhichVariableOfAPathIsMissing() {
    var outcome =
        outcome(
            WEB,
            true,
            (_, _, _, expand) ->
                CompletableFuture.supplyAsync(
                    () ->
                        List.of(
                            new Mount(Path.of(expand.apply("$(NONE)")), "/x", false, "rprivate"))));

    assertThat(outcome)
        .isEqualTo(
            new ContainerConfigs.ConfigFailure(
                "CreateContainerConfigError", "missing value for NONE"));
  }

  private static ContainerConfig ready(Pod pod, boolean canLowerOomScore) {
    VolumeMounts one =
        (_, _, volumes, _) ->
            CompletableFuture.completedStage(
                List.of(new Mount(volumes.get("www"), "/www", false, "rprivate")));
    return ((ContainerConfigs.Ready) outcome(pod, canLowerOomScore, one)).config();
  }

  private static ContainerConfigs.Outcome outcome(
      Pod pod, boolean canLowerOomScore, VolumeMounts mounts) {
    return outcome(pod, canLowerOomScore, EnvReferences.NONE, mounts);
  }

  private static ContainerConfigs.Outcome outcome(
      Pod pod, boolean canLowerOomScore, EnvReferences references, VolumeMounts mounts) {
    return ContainerConfigs.of(
            pod,
            pod.getSpec().getContainers().getFirst(),
            3,
            new Habitat(
                "box",
                List.of("172.28.0.6"),
                new Habitat.Ground(
                    "/kubepods/burstable/poda7af", Map.of("www", Path.of("/pods/www")), Map.of()),
                ETC_HOSTS),
            Optional.empty(),
            new Image("sha256:0690", List.of(), List.of(), 1, ""),
            references,
            LOG,
            settings(canLowerOomScore),
            mounts)
        .toCompletableFuture()
        .join();
  }

  static PodServices.Settings settings(boolean canLowerOomScore) {
    return new PodServices.Settings(
        "node1",
        Optional.of("10.0.0.1"),
        "k8s.gcr.io/pause:3.2",
        new LogLimits(10, 5),
        canLowerOomScore,
        8L << 30,
        new Allocatable(4000, 8L << 30, 100L << 30),
        false,
        Path.of("/seccomp"));
  }
}
