package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class MediumTest {
  @Test
  void isTheDiskUnlessTheVolumeSaysOtherwise() throws IOException {
    assertThat(of(null, null)).isEqualTo(new Medium.Disk());
    assertThat(of("", "1Gi")).isEqualTo(new Medium.Disk());
  }

  @Test
  void isMemoryAsLargeAsItsLimit() throws IOException {
    assertThat(of("Memory", "1Mi")).isEqualTo(new Medium.Memory("size=1048576"));
    assertThat(of("Memory", null)).isEqualTo(new Medium.Memory(""));
  }

  @Test
  void isOfHugePagesOfTheSizeThatIsSaidOrAskedFor() throws IOException {
    assertThat(of("HugePages-2Mi", null)).isEqualTo(new Medium.HugePages(2 << 20));
    assertThat(Medium.of(source("HugePages", null), asking("hugepages-1Gi")))
        .isEqualTo(new Medium.HugePages(1 << 30));
  }

  @Test
  void saysWhatItCantBe() {
    assertThatThrownBy(() -> of("Tape", null))
        .hasMessage(
            "emptyDir.medium: expected \"\", Memory, HugePages or HugePages-<size>, got Tape");
    assertThatThrownBy(
            () -> Medium.of(source("HugePages", null), asking("hugepages-1Gi", "hugepages-2Mi")))
        .hasMessageStartingWith(
            "emptyDir.medium HugePages: expected containers that ask for huge pages of one size");
    assertThatThrownBy(() -> of("HugePages-x", null))
        .hasMessage("emptyDir.medium: expected a quantity of bytes, got x");
  }

  private static Medium of(String medium, String limit) throws IOException {
    return Medium.of(source(medium, limit), Pods.with());
  }

  private static EmptyDirVolumeSource source(String medium, String limit) {
    return new EmptyDirVolumeSource(medium, limit == null ? null : new Quantity(limit));
  }

  private static Pod asking(String... resources) {
    var pod = new PodBuilder(Pods.with());
    for (var resource : resources) {
      pod.editSpec()
          .addNewContainer()
          .withNewResources()
          .addToRequests(resource, new Quantity("1"))
          .endResources()
          .endContainer()
          .endSpec();
    }
    return pod.build();
  }
}
