package dev.jkubelet.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jkubelet.runtime.EngineException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ImageReferenceTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  @Test
  void readsNamesAsDockerDoes() {
    assertThat(ImageReference.parse("busybox"))
        .isEqualTo(new ImageReference("docker.io/library/busybox", "latest", ""));
    assertThat(ImageReference.parse("a/b:1"))
        .isEqualTo(new ImageReference("docker.io/a/b", "1", ""));
    assertThat(ImageReference.parse("localhost/b"))
        .isEqualTo(new ImageReference("localhost/b", "latest", ""));
    assertThat(ImageReference.parse("r.test:5000/a/b:v1.2"))
        .isEqualTo(new ImageReference("r.test:5000/a/b", "v1.2", ""));
    assertThat(ImageReference.parse("k8s.gcr.io/pause@" + DIGEST))
        .isEqualTo(new ImageReference("k8s.gcr.io/pause", "", DIGEST));
    assertThat(ImageReference.parse("k8s.gcr.io/pause:3.2@" + DIGEST).version()).isEqualTo(DIGEST);
  }

  @Test
  void refusesWhatIsNoName() {
    for (var wrong :
        new String[] {
          "", "A", "a b", "a//b", "../a", "a:b:c", "a?x", "a@sha256:1", "/a", "a/", ":1", "a%2fb"
        }) {
      assertThatThrownBy(() -> ImageReference.parse(wrong))
          .as(wrong)
          .isInstanceOf(EngineException.Refused.class)
          .hasMessageContaining("invalid reference format");
    }
  }

  @Test
  void knowsItsImage() {
    var tags = List.of("busybox:1.36", "r.test/box:1");
    assertThat(ImageReference.parse("docker.io/busybox:1.36").names(DIGEST, tags, List.of()))
        .isTrue();
    assertThat(ImageReference.parse("busybox").names(DIGEST, tags, List.of())).isFalse();
    assertThat(ImageReference.parse("x@" + DIGEST).names(DIGEST, tags, List.of())).isTrue();
    assertThat(ImageReference.parse("x@" + DIGEST).names("sha256:b", tags, List.of("x@" + DIGEST)))
        .isTrue();
  }

  @Property
  void readsOrRefusesAnyText(@ForAll String text) {
    assertThat(catchThrowable(() -> ImageReference.parse(text)))
        .satisfiesAnyOf(
            failure -> assertThat(failure).isNull(),
            failure -> assertThat(failure).isInstanceOf(EngineException.Refused.class));
  }
}
