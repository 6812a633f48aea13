package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/** The text of a pod's {@code /etc/hosts}, to the byte as the kubelet writes it. */
final class EtcHosts {
  private static final String MANAGED =
      """
      # Kubernetes-managed hosts file.
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;
  private static final String HOST_NETWORK = "# Kubernetes-managed hosts file (host network).\n";

  private EtcHosts() {}

  static byte[] managed(Pod pod, List<String> ips, PodHostname name) {
    var text = new StringBuilder(MANAGED);
    for (var ip : ips) {
      text.append(ip).append('\t');
      if (!name.domain().isEmpty()) {
        text.append(name.host()).append('.').append(name.domain()).append('\t');
      }
      text.append(name.host()).append('\n');
    }
    return text.append(aliases(pod.getSpec().getHostAliases()))
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  /** For a pod on the host's network: the host's own file, and the pod's aliases. */
  static byte[] hostNetwork(Pod pod, byte[] hostsOfHost) {
    var text = new ByteArrayOutputStream();
    text.writeBytes(HOST_NETWORK.getBytes(StandardCharsets.UTF_8));
    text.writeBytes(hostsOfHost);
    text.writeBytes(aliases(pod.getSpec().getHostAliases()).getBytes(StandardCharsets.UTF_8));
    return text.toByteArray();
  }

  /** In place: running containers see this very file. Unchanged text is not written again. */
  static void write(Path file, byte[] text) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() == text.length) {
        var there = ByteBuffer.allocate(text.length);
        int count = channel.read(there, 0);
        if (count == text.length && Arrays.equals(there.array(), text)) {
          return;
        }
      }
      channel.write(ByteBuffer.wrap(text), 0);
      channel.truncate(text.length);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static String aliases(List<HostAlias> aliases) {
    if (aliases == null || aliases.isEmpty()) {
      return "";
    }
    var text = new StringBuilder("\n# Entries added by HostAliases.\n");
    for (var alias : aliases) {
      text.append(alias.getIp())
          .append('\t')
          .append(String.join("\t", alias.getHostnames()))
          .append('\n');
    }
    return text.toString();
  }
}
