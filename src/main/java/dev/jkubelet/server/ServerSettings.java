package dev.jkubelet.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the ports are told; an absent address turns a port off.
 *
 * @param selfSigned make a certificate at these paths unless both are there
 * @param signed a file with a chain and its key, signed by the cluster, that counts instead of
 *     these two as soon as it is there
 * @param anonymous whether requests without credentials are let in as {@code system:anonymous}
 * @param alwaysAllow whether every authenticated request is allowed; otherwise none is, as long as
 *     there is no API server to ask
 * @param configz the body of {@code /configz}
 * @param nodeIps that a certificate made here is for too, besides the name
 * @param logs {@code /var/log}
 * @param streams of those on the kubelet's port
 */
public record ServerSettings(
    Optional<InetSocketAddress> kubelet,
    Optional<InetSocketAddress> readOnly,
    Optional<InetSocketAddress> healthz,
    Optional<InetSocketAddress> cadvisor,
    Path certFile,
    Path keyFile,
    boolean selfSigned,
    Optional<Path> signed,
    Optional<Path> clientCaFile,
    boolean anonymous,
    boolean alwaysAllow,
    String nodeName,
    List<String> nodeIps,
    Map<String, Object> configz,
    Path logs,
    StreamLimits streams) {
  /**
   * How long streams may keep the kubelet waiting.
   *
   * @param creation from a client's upgrade until it has opened its streams
   * @param idle while nothing moves; zero for no limit
   */
  public record StreamLimits(Duration creation, Duration idle) {
    /** The kubelet's streamCreationTimeout. */
    private static final Duration CREATION = Duration.ofSeconds(30);

    public static StreamLimits ofIdle(Duration idle) {
      return new StreamLimits(CREATION, idle);
    }
  }
}
