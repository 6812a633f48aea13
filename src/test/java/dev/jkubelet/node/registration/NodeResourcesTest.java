package dev.jkubelet.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import dev.jkubelet.stats.MachineInfo;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeResourcesTest {
  private static final long GIBI = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "100Mi, , 4Gi, 3996Mi",
    "10%, , 4Gi, 3865470560", // the kubelet's tenth is a single-precision one
    "0%, , 4Gi, 4Gi",
    "100%, , 4Gi, 4Gi",
    ", 1Gi, 4Gi, 3Gi",
    "100Mi, 5Gi, 4Gi, 0",
    "100Mi, 500M, 4Gi, 3690109696", // bytes that fill no Ki
  })
  void offersMemoryLessWhatIsKept(
      String threshold, String reserved, String capacity, String allocatable) {
    var resources =
        of(
            Nodes.resources(
                reserved == null ? Map.of() : Map.of("memory", Quantity.parse(reserved)),
                threshold == null
                    ? Map.of()
                    : Map.of(Signal.MEMORY_AVAILABLE, new Threshold(threshold))),
            2,
            List.of(),
            Map.of());
    assertThat(resources.capacity().get("memory")).hasToString(capacity);
    assertThat(resources.allocatable().get("memory")).hasToString(allocatable);
  }

  @Test
  void keepsStorageAndProcessorsFreeToo() {
    var resources =
        of(
            Nodes.resources(
                Map.of("cpu", Quantity.parse("150m"), "ephemeral-storage", Quantity.parse("1Gi")),
                Map.of(
                    Signal.NODEFS_AVAILABLE,
                    new Threshold("50%"),
                    Signal.IMAGEFS_AVAILABLE,
                    new Threshold("15%"))),
            2,
            List.of(),
            Map.of());
    assertThat(resources.allocatable().get("cpu")).hasToString("1850m");
    assertThat(resources.allocatable().get("ephemeral-storage")).hasToString("4Gi");
    assertThat(resources.capacity().get("ephemeral-storage")).hasToString("10Gi");
  }

  @Test
  void hugePagesAreTakenOutOfMemory() {
    var resources =
        of(
            Nodes.resources(Map.of(), Map.of()),
            2,
            List.of(new MachineInfo.HugePages(2048, 512)),
            Map.of());
    assertThat(resources.allocatable())
        .containsEntry("hugepages-2Mi", new Quantity("1", "Gi"))
        .containsEntry("memory", new Quantity("3", "Gi"));
  }

  @Test
  void keepsWhatOthersOfferButNoPagesThatAreGone() {
    var resources =
        of(
            Nodes.resources(Map.of(), Map.of()),
            2,
            List.of(),
            Map.of(
                "example.com/dongle",
                new Quantity("4"),
                "hugepages-1Gi",
                new Quantity("1Gi"),
                "cpu",
                new Quantity("64")));
    assertThat(resources.capacity())
        .containsEntry("example.com/dongle", new Quantity("4"))
        .containsEntry("cpu", new Quantity("2"))
        .doesNotContainKey("hugepages-1Gi");
    assertThat(resources.allocatable()).containsEntry("example.com/dongle", new Quantity("4"));
  }

  @ParameterizedTest
  @CsvSource({"0, 110", "10, 20", "100, 110"})
  void podsPerCoreNeverExceedTheMost(int podsPerCore, String pods) {
    var settings = new NodeSettings.Resources(110, podsPerCore, Map.of(), Map.of(), Map.of());
    assertThat(of(settings, 2, List.of(), Map.of()).allocatable().get("pods")).hasToString(pods);
  }

  private static NodeResources of(
      NodeSettings.Resources settings,
      int cores,
      List<MachineInfo.HugePages> pages,
      Map<String, Quantity> before) {
    var facts =
        new NodeFacts(
            Nodes.machine(cores, 4 * GIBI, pages),
            "",
            "",
            List.of(),
            10 * GIBI,
            "",
            List.of(),
            Optional.empty());
    return NodeResources.of(settings, facts.amounts(), before);
  }
}
