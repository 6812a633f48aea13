package dev.jkubelet.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the ports are told; an absent address turns a port off.
 *
 * @param selfSigned make a certificate at these paths unless both are there
 * @param anonymous whether requests without credentials are let in as {@code system:anonymous}
 * @param alwaysAllow whether every authenticated request is allowed; otherwise none is, as long as
 *     there is no API server to ask
 * @param configz the body of {@code /configz}
 * @param logs {@code /var/log}
 */
public record ServerSettings(
    Optional<InetSocketAddress> kubelet,
    Optional<InetSocketAddress> readOnly,
    Optional<InetSocketAddress> healthz,
    Optional<InetSocketAddress> cadvisor,
    Path certFile,
    Path keyFile,
    boolean selfSigned,
    Optional<Path> clientCaFile,
    boolean anonymous,
    boolean alwaysAllow,
    String nodeName,
    List<String> nodeIps,
    Map<String, Object> configz,
    Path logs) {}
