package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;

/** kubectl of one version, against the tests' own control plane. */
record Kubectl(String version, Path binary) {
  private static final long LIMIT_SECONDS = 120;

  /** What a run came to. */
  record Result(int code, ByteString output, String errors) {
    String text() {
      return output.utf8String();
    }
  }

  /** Those of this machine: the cluster's own, and one that speaks WebSockets if there is one. */
  static List<Kubectl> all() {
    var all = new ArrayList<Kubectl>();
    all.add(new Kubectl("1.20", Path.of(Cluster.variable("JKUBELET_TEST_KUBECTL"))));
    Optional.ofNullable(System.getenv("JKUBELET_TEST_NEWER_KUBECTL"))
        .filter(path -> !path.isEmpty())
        .ifPresentOrElse(
            path -> all.add(new Kubectl("1.32", Path.of(path))),
            () -> System.err.println("No kubectl 1.32 on this machine: it is not tested"));
    return all;
  }

  /** Ready to be put into the name of an object. */
  String suffix() {
    return version.replace('.', '-');
  }

  List<String> command(String... arguments) {
    var command = new ArrayList<>(List.of(binary.toString(), "--kubeconfig", Cluster.admin()));
    command.addAll(List.of(arguments));
    return command;
  }

  Process start(String... arguments) {
    try {
      return new ProcessBuilder(command(arguments)).start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Result run(String... arguments) {
    return run(new byte[0], arguments);
  }

  /** With something to read, and then its end. */
  Result run(byte[] input, String... arguments) {
    var process = start(arguments);
    try {
      var output = CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
      var errors = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
      try (var to = process.getOutputStream()) {
        to.write(input);
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("kubectl does not end: " + String.join(" ", arguments));
      }
      return new Result(process.exitValue(), output.join(), errors.join().utf8String());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  private static ByteString all(InputStream stream) {
    try {
      return ByteString.fromArrayUnsafe(stream.readAllBytes());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public String toString() {
    return "kubectl " + version;
  }
}
