package dev.jkubelet.runtime;

import dev.jkubelet.model.PodKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sandboxes and containers of one pod, as plain as can be. */
public record TestConfigs(PodKey pod, String sandboxImage, Path logs) {
  static final SandboxConfig.Namespaces OWN =
      new SandboxConfig.Namespaces(false, false, false, false);
  static final SandboxConfig.LogLimits NO_LIMITS = new SandboxConfig.LogLimits(0, 0);

  public SandboxConfig sandbox(int attempt) {
    return sandbox(attempt, new SandboxConfig.Dns(List.of(), List.of(), List.of()), List.of());
  }

  public SandboxConfig sandbox(
      int attempt, SandboxConfig.Dns dns, List<SandboxConfig.PortMapping> ports) {
    return new SandboxConfig(
        pod,
        attempt,
        sandboxImage,
        "contract-host",
        "",
        OWN,
        dns,
        ports,
        Map.of(),
        0,
        Map.of(),
        NO_LIMITS);
  }

  public ContainerConfig container(String sandbox, RuntimeFixture.Program program) {
    return container(sandbox, program, "main", 0, Map.of());
  }

  public ContainerConfig container(
      String sandbox,
      RuntimeFixture.Program program,
      String name,
      int attempt,
      Map<String, String> labels) {
    return container(sandbox, program, name, attempt, labels, 0);
  }

  /** With a limit of memory, in bytes. */
  public ContainerConfig container(
      String sandbox,
      RuntimeFixture.Program program,
      String name,
      int attempt,
      Map<String, String> labels,
      long memoryLimit) {
    return new ContainerConfig(
        pod,
        name,
        attempt,
        sandbox,
        OWN,
        Optional.empty(),
        program.imageId(),
        program.command(),
        List.of(),
        List.of(),
        "",
        "",
        List.of(),
        "",
        new ContainerConfig.Resources(2, 0, 100_000, memoryLimit, 0),
        new ContainerConfig.Security(
            false,
            false,
            false,
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            false),
        false,
        false,
        false,
        labels,
        logs.resolve(
            "pods/%s_%s_%s/%s/%d.log"
                .formatted(pod.namespace(), pod.name(), pod.uid(), name, attempt)),
        NO_LIMITS);
  }
}
