package dev.jkubelet.cluster;

import java.nio.file.Path;

/** A kubeconfig file that can't be used; the message is one line with file, field and problem. */
public final class InvalidKubeconfig extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidKubeconfig(Path file, String problem, Throwable cause) {
    super(file + ": " + oneLine(problem), cause);
  }

  InvalidKubeconfig(Path file, String problem) {
    this(file, problem, null);
  }

  /** {@code field} is a path such as {@code users[node].user.client-key}. */
  static InvalidKubeconfig at(Path file, String field, String problem) {
    return new InvalidKubeconfig(file, field + ": " + problem);
  }

  private static String oneLine(String text) {
    return text.lines().map(String::strip).findFirst().orElse("");
  }
}
