package dev.jkubelet.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The tests' own control plane, by kubectl and by the script that runs it. */
final class Cluster {
  private Cluster() {}

  /** What kubectl prints, errors included. */
  static String kubectl(String... arguments) {
    var command = List.of(variable("JKUBELET_TEST_KUBECTL"), "--kubeconfig", admin());
    return run(Stream.concat(command.stream(), Arrays.stream(arguments)).toList());
  }

  /** Credentials of {@code system:node:<name>}. */
  static Path kubeconfig(String node) {
    return Path.of(run(List.of("bin/cluster", "kubeconfig", node)).strip());
  }

  static String clientCa() {
    return variable("JKUBELET_TEST_CLIENT_CA");
  }

  static void stopApiServer() {
    run(List.of("bin/cluster", "stop", "apiserver"));
  }

  static void startApiServer() {
    run(List.of("bin/cluster", "start", "apiserver"));
  }

  static String admin() {
    return variable("JKUBELET_TEST_KUBECONFIG");
  }

  static String variable(String name) {
    var value = System.getenv(name);
    if (value == null) {
      throw new AssertionError(
          name + " is not set: this test needs a control plane; bin/cluster up, bin/cluster env");
    }
    return value;
  }

  private static String run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
