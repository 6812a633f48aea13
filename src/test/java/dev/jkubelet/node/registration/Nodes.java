package dev.jkubelet.node.registration;

import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.stats.MachineInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The recorded reference node: what the kubelet 1.20.2 knew when it wrote node.yaml. */
final class Nodes {
  static final String NAME = "reference-node";
  static final long KIBI = 1024;

  private Nodes() {}

  static NodeSettings settings() {
    return settings(true);
  }

  static NodeSettings settings(boolean register) {
    return new NodeSettings(
        NAME,
        "v1.20.2",
        10250,
        new NodeSettings.Registration(
            register, true, Map.of(), List.of(), Optional.empty(), true, false),
        new NodeSettings.Reporting(Duration.ofSeconds(10), Duration.ofMinutes(5), 50),
        resources(Map.of(), Map.of(Signal.MEMORY_AVAILABLE, new Threshold("100Mi"))));
  }

  static NodeSettings.Resources resources(
      Map<String, Quantity> systemReserved, Map<Signal, Threshold> evictionHard) {
    return new NodeSettings.Resources(110, 0, systemReserved, Map.of(), evictionHard);
  }

  static MachineInfo machine(int cores, long memory, List<MachineInfo.HugePages> hugePages) {
    return new MachineInfo(
        "",
        cores,
        cores,
        1,
        0,
        memory,
        Map.of(),
        null,
        hugePages,
        "3d1219c7c4c5404aaa1f6d2a48adfda4",
        "3d1219c7c4c5404aaa1f6d2a48adfda4",
        "bce85687-3c8e-4f3c-b94e-fad8c572bb98",
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        "Unknown",
        "Unknown",
        "None");
  }

  static NodeFacts facts() {
    return facts(null);
  }

  /** Of a node that says so of its network. */
  static NodeFacts facts(String networkProblem) {
    return new NodeFacts(
        machine(
            2,
            24683656 * KIBI,
            List.of(new MachineInfo.HugePages(1048576, 0), new MachineInfo.HugePages(2048, 0))),
        "6.18.44-fc-v782",
        "Debian GNU/Linux 12 (bookworm)",
        List.of("192.0.2.2"),
        264212084 * KIBI,
        "20.10.24+dfsg1",
        List.of(
            image(762680, "k8s.gcr.io/pause:3.2", "registry.k8s.io/pause:3.10"),
            image(
                1984234,
                "busybox:1.29",
                "busybox:1.36",
                "busybox:latest",
                "registry.k8s.io/e2e-test-images/busybox:1.36.1-1"),
            image(1982417, "busybox:local")),
        Optional.ofNullable(networkProblem));
  }

  static Image image(long size, String... tags) {
    return new Image("sha256:0", List.of(tags), List.of(), size, "");
  }

  static NodeStatuses.Condition well() {
    return new NodeStatuses.Condition(NodePressures.NONE, List.of(), List.of());
  }
}
