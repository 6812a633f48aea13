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
    return run(kubectlProcess(arguments).command());
  }

  /** One that goes on. */
  static ProcessBuilder kubectlProcess(String... arguments) {
    var command = List.of(variable("JKUBELET_TEST_KUBECTL"), "--kubeconfig", admin());
    return new ProcessBuilder(Stream.concat(command.stream(), Arrays.stream(arguments)).toList());
  }

  /** Makes what a manifest describes. */
  static void apply(String manifest) {
    try {
      var process = kubectlProcess("apply", "-f", "-").redirectErrorStream(true).start();
      try (var input = process.outputWriter()) {
        // Without it, kubectl takes what begins with a brace for JSON.
        input.write("---\n" + manifest);
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.onExit().join().exitValue() != 0) {
        throw new AssertionError(output);
      }
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /** How often the API server was asked that, by its own count. */
  static long requests(String verb, String resource, String subresource) {
    return kubectl("get", "--raw", "/metrics")
        .lines()
        .filter(line -> line.startsWith("apiserver_request_total{"))
        .filter(line -> line.contains("verb=\"" + verb + "\""))
        .filter(line -> line.contains(",resource=\"" + resource + "\""))
        .filter(line -> line.contains("subresource=\"" + subresource + "\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Credentials of {@code system:node:<name>}. */
  static Path kubeconfig(String node) {
    return Path.of(run(List.of("bin/cluster", "kubeconfig", node)).strip());
  }

  /** Credentials that suffice to ask for a certificate. */
  static Path bootstrapKubeconfig() {
    return Path.of(variable("JKUBELET_TEST_BOOTSTRAP_KUBECONFIG"));
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

  /** A command of this machine; what it prints, errors included. */
  static String run(List<String> command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
