package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.node.source.ManifestFiles.Content;
import dev.jkubelet.node.source.ManifestFiles.Scan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {
  @TempDir Path folder;

  @Test
  void findsManifestsByTheirNamesInOrder() throws Exception {
    for (var name : new String[] {"c.json", "a.yaml", "b.YML", ".hidden.yaml", "notes.txt"}) {
      Files.writeString(folder.resolve(name), name);
    }
    Files.createDirectory(folder.resolve("sub.yaml"));
    Files.writeString(folder.resolve("sub.yaml/d.yaml"), "d");
    var found = (Scan.Found) new ManifestFiles(folder).scan();
    assertThat(found.files().keySet())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("a.yaml", "b.YML", "c.json", "notes.txt");
    assertThat(found.files().get(folder.resolve("notes.txt"))).isInstanceOf(Content.Ignored.class);
  }

  @Test
  void followsLinksToFilesAndSkipsThoseToNothingAndToFolders() throws Exception {
    var real = Files.writeString(Files.createDirectory(folder.resolve(".real")).resolve("a"), "a");
    Files.createSymbolicLink(folder.resolve("a.yaml"), real);
    Files.createSymbolicLink(folder.resolve("b.yaml"), folder.resolve("nowhere"));
    Files.createSymbolicLink(folder.resolve("c.yaml"), folder.resolve(".real"));
    var found = (Scan.Found) new ManifestFiles(folder).scan();
    assertThat(found.files()).containsOnlyKeys(folder.resolve("a.yaml"));
  }

  @Test
  void neverOpensAPipe() throws Exception {
    var pipe = folder.resolve("pipe.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var found = (Scan.Found) new ManifestFiles(folder).scan();
    assertThat(found.files().get(pipe)).isEqualTo(new Content.Ignored("not a regular file"));
  }

  @Test
  void readsASingleFileOfAnyName() throws Exception {
    var file = Files.writeString(folder.resolve("web.manifest"), "a");
    var found = (Scan.Found) new ManifestFiles(file).scan();
    assertThat(found.files()).containsOnlyKeys(file);
  }

  @Test
  void tellsMissingFromUnusable() throws Exception {
    var nowhere = folder.resolve("nowhere");
    assertThat(new ManifestFiles(nowhere).scan()).isEqualTo(new Scan.Missing(nowhere));
    var device = new ManifestFiles(Path.of("/dev/null"));
    assertThatThrownBy(device::scan)
        .isInstanceOf(IOException.class)
        .hasMessage("expected a folder or a file");
  }
}
