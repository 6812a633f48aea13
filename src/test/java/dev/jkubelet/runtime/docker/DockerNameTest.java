package dev.jkubelet.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LowerChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DockerNameTest {
  @Test
  void readsASandboxsName() {
    assertThat(DockerName.parse("/k8s_POD_web-n1_default_uid-1_0"))
        .contains(DockerName.sandbox(new PodKey("default", "web-n1", "uid-1"), 0));
  }

  @Test
  void ignoresARandomSuffix() {
    assertThat(DockerName.parse("/k8s_main_web_default_uid_3_5f0c1a2b"))
        .contains(new DockerName("main", new PodKey("default", "web", "uid"), 3));
  }

  @Test
  void refusesNamesThatAreNoPods() {
    for (var name :
        new String[] {
          "",
          "/",
          "/web",
          "/k8s_a_b_c_d",
          "/k8s_a_b_c_d_x",
          "/k8s_a_b_c_d_-1",
          "/k8s_a_b_c_d_99999999999",
          "/k8s_a_b_c_d_",
          "/k8s_a__c_d_0",
          "/k8x_a_b_c_d_0",
          "/k8s_a_b_c_d_0_e_f"
        }) {
      assertThat(DockerName.parse(name)).as(name).isEqualTo(Optional.empty());
    }
  }

  @Property
  void readsBackWhatItWrites(
      @ForAll @LowerChars @StringLength(min = 1, max = 63) String container,
      @ForAll @LowerChars @StringLength(min = 1, max = 253) String pod,
      @ForAll @IntRange int attempt) {
    var name = new DockerName(container, new PodKey("ns", pod, "uid"), attempt);
    assertThat(DockerName.parse("/" + name)).contains(name);
  }

  @Property
  void neverFailsOnAnyText(@ForAll String text) {
    assertThat(DockerName.parse(text)).isNotNull();
  }
}
