package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private final MountTable table =
      MountTable.parse(
          List.of(
              "26 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
              "40 26 0:33 / /pods/u/volumes/a\\040b rw,relatime shared:3 master:1 - tmpfs tmpfs rw",
              "41 26 0:34 / /pods/u/volumes/a\\040b/deep/er rw - ext4 /dev/vda rw",
              "42 26 0:35 / /pods/u/volumes/stack rw - ext4 /dev/vda rw",
              "43 42 0:36 / /pods/u/volumes/stack rw - tmpfs tmpfs rw",
              "44 26 0:37 / /pods/u2 rw - tmpfs tmpfs rw",
              "nonsense"));

  @Test
  void listsTheMountsBelowAFolderDeepestAndLatestFirst() {
    assertThat(table.below(Path.of("/pods/u")))
        .containsExactly(
            Path.of("/pods/u/volumes/a b/deep/er"),
            Path.of("/pods/u/volumes/stack"),
            Path.of("/pods/u/volumes/stack"),
            Path.of("/pods/u/volumes/a b"));
  }

  @Test
  void seesTheMountOnTopOfAStack() {
    assertThat(table.isMounted(Path.of("/pods/u/volumes/stack"), "tmpfs")).isTrue();
    assertThat(table.isMounted(Path.of("/pods/u/volumes/stack"), "ext4")).isFalse();
    assertThat(table.isMounted(Path.of("/pods/u/volumes"), "tmpfs")).isFalse();
  }
}
