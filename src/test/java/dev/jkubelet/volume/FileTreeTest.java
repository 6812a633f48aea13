package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
  @TempDir private Path temp;

  @AfterEach
  void unmountLeftovers() throws IOException {
    for (var point : MountTable.read().below(temp.toRealPath())) {
      Syscalls.detach(point);
    }
  }

  @Test
  void removesFilesFoldersPipesAndLinks() throws Exception {
    Files.createDirectories(temp.resolve("tree/a/b/c"));
    Files.writeString(temp.resolve("tree/a/b/file"), "x");
    Files.createSymbolicLink(temp.resolve("tree/a/dangling"), Path.of("/nowhere"));
    assertThat(
            new ProcessBuilder("mkfifo", temp.resolve("tree/a/pipe").toString()).start().waitFor())
        .isZero();

    FileTree.remove(temp.resolve("tree"));

    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void removesATreeDeeperThanAnyPathOrStack() throws IOException {
    var top = Files.createDirectory(temp.resolve("tree"));
    // Built from the inside out, as a container would with chdir: no path to its end is possible.
    for (int depth = 0; depth < 3000; depth++) {
      try (var stream = Files.newDirectoryStream(top)) {
        var open = (SecureDirectoryStream<Path>) stream;
        Files.createDirectory(top.resolve("next"));
        if (depth > 0) {
          try (var next = open.newDirectoryStream(Path.of("next"))) {
            open.move(Path.of("d"), next, Path.of("d"));
          }
        }
        open.move(Path.of("next"), open, Path.of("d"));
      }
    }

    FileTree.remove(top);

    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void stopsAtAMountThatAppearedAfterAllWereUnmounted() throws IOException {
    var mounted = Files.createDirectories(temp.resolve("tree/a/b"));
    Syscalls.mountTmpfs(mounted, "");
    Files.writeString(mounted.resolve("precious"), "keep");

    assertThatThrownBy(() -> FileTree.remove(temp.resolve("tree"))).isInstanceOf(IOException.class);

    var point = MountTable.read().below(temp.toRealPath()).getFirst();
    assertThat(point.resolve("precious")).hasContent("keep");
  }

  @Test
  void removesALinkInsteadOfWhatItLeadsTo() throws IOException {
    var target = Files.createDirectory(temp.resolve("target"));
    Files.writeString(target.resolve("precious"), "keep");
    var link = Files.createSymbolicLink(temp.resolve("link"), target);

    FileTree.remove(link);

    assertThat(link).doesNotExist();
    assertThat(target.resolve("precious")).hasContent("keep");
  }

  @Test
  void refusesARootThatIsAMountPoint() throws IOException {
    var root = Files.createDirectory(temp.resolve("root"));
    Syscalls.mountTmpfs(root, "");
    Files.writeString(root.resolve("precious"), "keep");

    assertThatThrownBy(() -> FileTree.remove(root)).hasMessageContaining("is a mount point");
    assertThat(root.resolve("precious")).hasContent("keep");
  }
}
