package dev.jkubelet.server;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pod, and the container, that a streaming path means: {@code
 * /exec/{namespace}/{pod}[/{uid}]/{container}}, {@code /portForward/{namespace}/{pod}[/{uid}]}.
 *
 * @param container empty where the path names none
 */
record PodAddress(String namespace, String pod, Optional<String> uid, String container) {
  static Optional<PodAddress> ofContainer(String path) {
    var parts = parts(path);
    return switch (parts.length) {
      case 4 -> Optional.of(new PodAddress(parts[1], parts[2], Optional.empty(), parts[3]));
      case 5 -> Optional.of(new PodAddress(parts[1], parts[2], Optional.of(parts[3]), parts[4]));
      default -> Optional.empty();
    };
  }

  static Optional<PodAddress> ofPod(String path) {
    var parts = parts(path);
    return switch (parts.length) {
      case 3 -> Optional.of(new PodAddress(parts[1], parts[2], Optional.empty(), ""));
      case 4 -> Optional.of(new PodAddress(parts[1], parts[2], Optional.of(parts[3]), ""));
      default -> Optional.empty();
    };
  }

  private static String[] parts(String path) {
    return Stream.of(path.split("/", -1)).filter(part -> !part.isEmpty()).toArray(String[]::new);
  }

  /** The kubelet's name of a pod in its errors. */
  String fullName() {
    return pod + "_" + namespace;
  }
}
