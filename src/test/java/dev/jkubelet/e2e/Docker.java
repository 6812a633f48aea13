package dev.jkubelet.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The docker command, against the tests' engine. */
final class Docker {
  private Docker() {}

  static List<String> run(String... arguments) {
    try {
      var command = Stream.concat(Stream.of("docker"), Arrays.stream(arguments)).toList();
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output.lines().toList();
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /** Ids of running containers whose name contains {@code part}. */
  static List<String> running(String part) {
    return run("ps", "-q", "--no-trunc", "--filter", "name=" + part);
  }

  /** Ids of containers in any state. */
  static List<String> all(String part) {
    return run("ps", "-aq", "--no-trunc", "--filter", "name=" + part);
  }
}
