package dev.jkubelet.runtime.docker;

import dev.jkubelet.model.PodKey;
import java.util.Optional;

/**
 * The name that the dockershim gave a container: {@code
 * k8s_<container>_<pod>_<namespace>_<uid>_<attempt>}, with {@code POD} as the sandbox's container
 * name. None of the parts can hold an underscore.
 */
record DockerName(String container, PodKey pod, int attempt) {
  static final String SANDBOX = "POD";
  private static final String PREFIX = "k8s";

  static DockerName sandbox(PodKey pod, int attempt) {
    return new DockerName(SANDBOX, pod, attempt);
  }

  /**
   * Reads a name as Docker shows it, leading slash included; a seventh, random part (dockershim's
   * way around names that Docker did not let go) is ignored. Empty when it isn't a pod's.
   */
  static Optional<DockerName> parse(String dockerName) {
    var name = dockerName.startsWith("/") ? dockerName.substring(1) : dockerName;
    var parts = name.split("_", -1);
    if ((parts.length != 6 && parts.length != 7) || !parts[0].equals(PREFIX)) {
      return Optional.empty();
    }
    for (var part : parts) {
      if (part.isEmpty()) {
        return Optional.empty();
      }
    }
    return attempt(parts[5])
        .map(n -> new DockerName(parts[1], new PodKey(parts[3], parts[2], parts[4]), n));
  }

  private static Optional<Integer> attempt(String digits) {
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.parseInt(digits));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  boolean isSandbox() {
    return container.equals(SANDBOX);
  }

  @Override
  public String toString() {
    return String.join(
        "_", PREFIX, container, pod.name(), pod.namespace(), pod.uid(), Integer.toString(attempt));
  }
}
