package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
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
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The files that the kubelet itself puts into a pod's folder for its containers. All methods block
 * for a moment; call them where blocking calls run.
 */
public final class PodFiles {
  /** The most of a termination message that a status carries, in bytes. */
  public static final int TERMINATION_MESSAGE_LIMIT = 4096;

  private static final String ETC_HOSTS = "/etc/hosts";

  /** Of earlier runs; a crash loop makes one per restart for as long as the pod lives. */
  private static final int TERMINATION_LOGS_KEPT = 8;

  private final PodDirs dirs;
  private final String nodeHostname;
  private final String clusterDomain;
  private final Path hostsOfHost;

  /**
   * Works below one root folder.
   *
   * @param nodeHostname what the host calls itself
   * @param hostsOfHost {@code /etc/hosts}
   */
  public PodFiles(Path rootDir, String nodeHostname, String clusterDomain, Path hostsOfHost) {
    this.dirs = new PodDirs(rootDir.toAbsolutePath().normalize());
    this.nodeHostname = nodeHostname;
    this.clusterDomain = clusterDomain;
    this.hostsOfHost = hostsOfHost;
  }

  /** What a sandbox calls itself; on the host's network that is the host's name. */
  public String hostname(Pod pod) {
    return isHostNetwork(pod) ? nodeHostname : PodHostname.of(pod, clusterDomain).nodename();
  }

  /**
   * Writes the pod's hosts file.
   *
   * @param ips the pod's addresses; for a pod on the host's network the host's
   * @return the file to show at {@code /etc/hosts}; empty when the container mounts something there
   *     itself, or while no address is known
   */
  public Optional<Path> etcHosts(Pod pod, Container container, List<String> ips)
      throws IOException {
    boolean own =
        container.getVolumeMounts().stream().anyMatch(m -> ETC_HOSTS.equals(m.getMountPath()));
    if (own || ips.isEmpty()) {
      return Optional.empty();
    }
    var text =
        isHostNetwork(pod)
            ? EtcHosts.hostNetwork(pod, readLenient(hostsOfHost))
            : EtcHosts.managed(pod, ips, PodHostname.of(pod, clusterDomain));
    var file = dirs.pod(pod.getMetadata().getUid()).resolve("etc-hosts");
    PodDirs.makeAll(file.getParent());
    write(file, text.getBytes(StandardCharsets.UTF_8));
    return Optional.of(file);
  }

  /** Makes an empty file for a container's next run to leave its last words in. */
  public Path terminationLog(Pod pod, String container) throws IOException {
    var dir = dirs.container(pod.getMetadata().getUid(), container);
    PodDirs.makeAll(dir);
    removeOldest(dir);
    var name = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    var file = Files.createFile(dir.resolve(name));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    return file;
  }

  /**
   * The end of what a container left in its termination log, at most {@code limit} bytes.
   *
   * @return empty when there is no such file
   */
  public static Optional<String> readTerminationMessage(Path file, int limit) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // reading a pipe would not end
      return Optional.empty();
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var bytes = ByteBuffer.allocate(limit);
      long position = Math.max(0, channel.size() - limit);
      while (bytes.hasRemaining()) {
        int count = channel.read(bytes, position + bytes.position());
        if (count < 0) {
          break;
        }
      }
      return Optional.of(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      return Optional.of("Error on reading termination log " + file + ": " + failure.getMessage());
    }
  }

  /** A stray byte in the host's file must not keep pods from starting. */
  private static String readLenient(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static boolean isHostNetwork(Pod pod) {
    return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
  }

  /** In place: running containers see this very file. Unchanged text is not written again. */
  private static void write(Path file, byte[] text) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() == text.length) {
        var there = ByteBuffer.allocate(text.length);
        channel.read(there, 0);
        if (Arrays.equals(there.array(), text)) {
          return;
        }
      }
      channel.write(ByteBuffer.wrap(text), 0);
      channel.truncate(text.length);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private static void removeOldest(Path dir) throws IOException {
    List<Path> files;
    try (var entries = Files.list(dir)) {
      files =
          entries
              .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed())
              .toList();
    }
    for (var file : files.subList(Math.min(TERMINATION_LOGS_KEPT, files.size()), files.size())) {
      Files.deleteIfExists(file);
    }
  }
}
