package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.EngineListener;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How to talk to the engine.
 *
 * @param endpoint {@code unix:///path} or {@code tcp://host:port}
 * @param requestLimit the kubelet's runtimeRequestTimeout, 2 minutes by default
 * @param pullProgressLimit the kubelet's image-pull-progress-deadline: a pull fails once nothing
 *     was heard of it for so long
 * @param network of sandboxes that have one of their own: {@code default} is the engine's, {@code
 *     none} leaves it to others
 * @param containerLogs where {@code <pod>_<namespace>_<container>-<id>.log} links to the pods' logs
 *     go
 * @param listener hears of each request
 */
public record DockerOptions(
    URI endpoint,
    Duration requestLimit,
    Duration pullProgressLimit,
    Path containerLogs,
    String network,
    EngineListener listener) {

  public DockerOptions {
    var scheme = String.valueOf(endpoint.getScheme());
    var valid =
        switch (scheme) {
          case "unix" -> endpoint.getPath() != null && endpoint.getPath().startsWith("/");
          case "tcp" -> endpoint.getHost() != null && endpoint.getPort() > 0;
          default -> false;
        };
    if (!valid) {
      throw new IllegalArgumentException(
          "docker-endpoint: expected unix:///path or tcp://host:port, got \"" + endpoint + "\"");
    }
  }

  /** The kubelet's defaults for all but the endpoint and the request limit. */
  public static DockerOptions of(String endpoint, Duration requestLimit) {
    return new DockerOptions(
        uri(endpoint),
        requestLimit,
        Duration.ofMinutes(1),
        Path.of("/var/log/containers"),
        "default",
        EngineListener.NONE);
  }

  public DockerOptions withContainerLogs(Path folder) {
    return new DockerOptions(endpoint, requestLimit, pullProgressLimit, folder, network, listener);
  }

  public DockerOptions withPullProgressLimit(Duration limit) {
    return new DockerOptions(endpoint, requestLimit, limit, containerLogs, network, listener);
  }

  public DockerOptions withNetwork(String name) {
    return new DockerOptions(
        endpoint, requestLimit, pullProgressLimit, containerLogs, name, listener);
  }

  public DockerOptions withListener(EngineListener hearing) {
    return new DockerOptions(
        endpoint, requestLimit, pullProgressLimit, containerLogs, network, hearing);
  }

  private static URI uri(String endpoint) {
    try {
      return URI.create(endpoint);
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(
          "docker-endpoint: expected unix:///path or tcp://host:port, got \"" + endpoint + "\"",
          invalid);
    }
  }
}
