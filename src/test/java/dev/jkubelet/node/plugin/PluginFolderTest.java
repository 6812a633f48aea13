package dev.jkubelet.node.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFolderTest {
  @TempDir private Path dir;

  @Test
  void isMadeIfItIsMissing() throws IOException {
    assertThat(new PluginFolder(dir.resolve("a/b")).call()).isEmpty();
    assertThat(dir.resolve("a/b")).isDirectory();
  }

  @Test
  void countsSocketsAloneAndTellsOneFromTheNextAtItsPlace() throws IOException {
    Files.createFile(dir.resolve("file"));
    Files.createDirectory(dir.resolve("folder"));
    listen(dir.resolve(".hidden.sock"));
    var socket = dir.resolve("driver-reg.sock");
    listen(socket);
    var folder = new PluginFolder(dir);
    var first = folder.call();
    assertThat(first).containsOnlyKeys(socket);
    assertThat(folder.call()).isEqualTo(first);

    Files.delete(socket);
    listen(socket);

    assertThat(folder.call()).containsOnlyKeys(socket).isNotEqualTo(first);
  }

  private static void listen(Path socket) throws IOException {
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
    }
  }
}
