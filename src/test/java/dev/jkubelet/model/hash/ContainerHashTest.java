package dev.jkubelet.model.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerHashTest {
  @Test
  void changesWithTheImage() {
    var one = new ContainerBuilder().withName("main").withImage("busybox:1.36").build();
    var two = new ContainerBuilder(one).withImage("busybox:1.37").build();

    assertThat(ContainerHash.of(two)).isNotEqualTo(ContainerHash.of(one));
  }

  /** The test vectors of the FNV draft. */
  @ParameterizedTest
  @CsvSource({"'', 811c9dc5", "a, e40c292c", "foobar, bf9cf968"})
  void isFnv1a(String text, String hash) {
    assertThat(ContainerHash.fnv1a(text.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Integer.parseUnsignedInt(hash, 16));
  }
}
