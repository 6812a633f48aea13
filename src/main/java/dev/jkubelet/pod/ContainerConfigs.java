package dev.jkubelet.pod;

import dev.jkubelet.model.CpuShares;
import dev.jkubelet.model.OomScore;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.model.Quantities;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerConfig.Mount;
import dev.jkubelet.runtime.ContainerConfig.Resources;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.volume.VolumeException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** From a container's spec to what the engine is told; the kubelet's rules for it. */
final class ContainerConfigs {
  private static final Path LOGS = Path.of("/var/log/pods");
  private static final String ETC_HOSTS = "/etc/hosts";
  static final long CPU_PERIOD_US = 100_000;

  private ContainerConfigs() {}

  /** What became of a spec. */
  sealed interface Outcome {}

  /**
   * The engine can be told.
   *
   * @param oddities variables left out, for the pod's events
   */
  record Ready(ContainerConfig config, List<String> oddities) implements Outcome {}

  /**
   * The spec can't be carried out, now or ever.
   *
   * @param reason {@code CreateContainerConfigError}
   */
  record ConfigFailure(String reason, String message) implements Outcome {}

  /**
   * Decides all of it.
   *
   * @param attempt the restart count
   * @param processesOf the container whose processes it is to see beside its own, if any
   * @param references what the variables refer to
   * @param terminationLog an empty file on the host for the container's last words
   * @param mounts asked once, for the container's own volumeMounts
   */
  static CompletionStage<Outcome> of(
      Pod pod,
      Container container,
      int attempt,
      Habitat habitat,
      Optional<String> processesOf,
      Image image,
      EnvReferences references,
      Path terminationLog,
      PodServices.Settings settings,
      VolumeMounts mounts) {
    ContainerEnv env;
    try {
      env = ContainerEnv.of(container, fields(pod, habitat, settings), references);
    } catch (BadConfig bad) {
      return CompletableFuture.completedStage(failure(bad));
    }
    return mounts
        .of(pod, container, habitat.ground().volumes(), env::expandPath)
        .<Outcome>thenApply(
            found ->
                new Ready(
                    config(
                        pod,
                        container,
                        attempt,
                        habitat,
                        processesOf,
                        image,
                        env,
                        mounts(container, found, habitat, terminationLog),
                        settings),
                    env.oddities()))
        .exceptionallyCompose(
            failed ->
                switch (ContainerCalls.cause(failed)) {
                  case BadConfig bad -> CompletableFuture.completedStage(failure(bad));
                  case VolumeException bad -> CompletableFuture.completedStage(failure(bad));
                  case Throwable other -> CompletableFuture.failedStage(other);
                });
  }

  private static ConfigFailure failure(RuntimeException bad) {
    return new ConfigFailure("CreateContainerConfigError", bad.getMessage());
  }

  private static ContainerConfig config(
      Pod pod,
      Container container,
      int attempt,
      Habitat habitat,
      Optional<String> processesOf,
      Image image,
      ContainerEnv env,
      List<Mount> mounts,
      PodServices.Settings settings) {
    var security = new ContainerSecurity(pod, container);
    return new ContainerConfig(
        PodKey.of(pod),
        container.getName(),
        attempt,
        habitat.sandboxId(),
        SandboxConfigs.namespaces(pod),
        processesOf,
        image.id(),
        env.expand(container.getCommand()),
        env.expand(container.getArgs()),
        env.lines(),
        container.getWorkingDir() == null ? "" : container.getWorkingDir(),
        security.user(image),
        mounts,
        habitat.ground().cgroupParent(),
        resources(pod, container, settings),
        security.security(settings.seccompRoot()),
        Boolean.TRUE.equals(container.getStdin()),
        Boolean.TRUE.equals(container.getStdinOnce()),
        Boolean.TRUE.equals(container.getTty()),
        ContainerLabels.of(pod, container, attempt),
        logPath(PodKey.of(pod), container.getName(), attempt),
        settings.logLimits());
  }

  private static Path logPath(PodKey pod, String container, int attempt) {
    return LOGS.resolve(String.join("_", pod.namespace(), pod.name(), pod.uid()))
        .resolve(container)
        .resolve(attempt + ".log");
  }

  private static DownwardFields fields(Pod pod, Habitat habitat, PodServices.Settings settings) {
    return new DownwardFields(pod, habitat.ips(), settings.hostIp(), settings.allocatable());
  }

  private static List<Mount> mounts(
      Container container, List<Mount> volumes, Habitat habitat, Path terminationLog) {
    var all = new ArrayList<>(volumes);
    if (volumes.stream().noneMatch(m -> m.containerPath().equals(ETC_HOSTS))) {
      all.add(file(habitat.etcHosts(), ETC_HOSTS));
    }
    var messagePath = container.getTerminationMessagePath();
    if (messagePath != null && !messagePath.isEmpty()) {
      all.add(file(terminationLog, Path.of("/").resolve(messagePath).toString()));
    }
    return List.copyOf(all);
  }

  private static Mount file(Path hostPath, String containerPath) {
    return new Mount(hostPath, containerPath, false, "rprivate");
  }

  static Resources resources(Pod pod, Container container, PodServices.Settings settings) {
    int oomScore = OomScore.adjustment(pod, container, settings.memoryCapacity());
    return amounts(container, settings.canLowerOomScore() ? oomScore : Math.max(0, oomScore));
  }

  /** Without a request for processor time, the limit is the request. */
  static Resources amounts(Container container, int oomScore) {
    long request = Quantities.milliCpu(PodContainers.request(container, "cpu"));
    long limit = Quantities.milliCpu(PodContainers.limit(container, "cpu"));
    return new Resources(
        CpuShares.milliCpuToShares(request == 0 ? limit : request),
        CpuShares.milliCpuToQuota(limit, CPU_PERIOD_US),
        CPU_PERIOD_US,
        Quantities.bytes(PodContainers.limit(container, "memory")),
        oomScore);
  }
}
