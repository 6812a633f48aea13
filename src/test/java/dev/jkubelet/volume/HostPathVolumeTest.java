package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPathVolumeTest {
  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "Directory, a directory",
    "DirectoryOrCreate, a directory",
    "Socket, a socket file",
    "CharDevice, a character device",
    "BlockDevice, a block device",
  })
  void saysWhatAFileIsNot(String type, String what) throws IOException {
    var file = Files.createFile(temp.resolve("x"));

    assertThatThrownBy(() -> setUp(file, type))
        .hasMessage("hostPath type check failed: " + file + " is not " + what);
  }

  @ParameterizedTest
  @CsvSource({"File", "FileOrCreate"})
  void saysThatAFolderIsNotAFile(String type) {
    assertThatThrownBy(() -> setUp(temp, type))
        .hasMessage("hostPath type check failed: " + temp + " is not a file");
  }

  @Test
  void acceptsWhatIsOfTheType() throws IOException {
    var socket = temp.resolve("socket");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertThat(setUp(socket, "Socket")).isEqualTo(socket);
    }
    assertThat(setUp(Path.of("/dev/null"), "CharDevice")).isEqualTo(Path.of("/dev/null"));
    assertThat(setUp(temp, "Directory")).isEqualTo(temp);
    assertThat(setUp(Files.createFile(temp.resolve("f")), "File")).isRegularFile();
    assertThat(setUp(temp.resolve("missing"), "")).doesNotExist();
    assertThat(setUp(temp.resolve("missing"), null)).doesNotExist();
  }

  @Test
  void createsWhatIsMissingOnlyWhenAsked() throws IOException {
    var folder = setUp(temp.resolve("a/b"), "DirectoryOrCreate");
    var file = setUp(temp.resolve("a/f"), "FileOrCreate");

    assertThat(permissions(folder)).isEqualTo("rwxr-xr-x");
    assertThat(permissions(file)).isEqualTo("rw-r--r--");
    assertThatThrownBy(() -> setUp(temp.resolve("no"), "Directory"))
        .hasMessageEndingWith("/no is not a directory");
    assertThatThrownBy(() -> setUp(temp.resolve("no/f"), "FileOrCreate"))
        .hasMessage("open " + temp.resolve("no/f") + ": no such file or directory");
    assertThat(temp.resolve("no")).doesNotExist();
  }

  @Test
  void refusesPathsThatClimbOrAreNotAbsolute() {
    assertThatThrownBy(() -> HostPathVolume.setUp(new HostPathVolumeSource("/a/../etc", "")))
        .hasMessage("invalid HostPath `/a/../etc`: must not contain '..'");
    assertThatThrownBy(() -> HostPathVolume.setUp(new HostPathVolumeSource("data", "")))
        .hasMessage("invalid HostPath `data`: must be an absolute path");
    assertThatThrownBy(() -> setUp(temp, "Folder")).hasMessage("Folder is an invalid volume type");
  }

  private static Path setUp(Path path, String type) throws IOException {
    return HostPathVolume.setUp(new HostPathVolumeSource(path.toString(), type));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
