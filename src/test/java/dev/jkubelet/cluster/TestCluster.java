package dev.jkubelet.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The control plane of {@code bin/cluster}; without one a test fails and says so. */
final class TestCluster {
  private TestCluster() {}

  private static String variable(String name) {
    var value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new AssertionError(
          name + " is not set: run bin/test, or bin/cluster up and eval \"$(bin/cluster env)\"");
    }
    return value;
  }

  static Path admin() {
    return Path.of(variable("JKUBELET_TEST_KUBECONFIG"));
  }

  static Path bootstrap() {
    return Path.of(variable("JKUBELET_TEST_BOOTSTRAP_KUBECONFIG"));
  }

  static Path folder() {
    return Path.of(variable("JKUBELET_TEST_CLUSTER"));
  }

  /** A kubeconfig with the rights of that node. */
  static Path node(String name) {
    return Path.of(cluster("kubeconfig", name).strip());
  }

  static String cluster(String... arguments) {
    variable("JKUBELET_TEST_CLUSTER");
    return run("bin/cluster", "", arguments);
  }

  static String kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** With {@code input} on its standard input. */
  static String kubectlWith(String input, String... arguments) {
    var all = new ArrayList<>(List.of("--kubeconfig", admin().toString()));
    all.addAll(List.of(arguments));
    return run(variable("JKUBELET_TEST_KUBECTL"), input, all.toArray(String[]::new));
  }

  private static String run(String program, String input, String... arguments) {
    try {
      var command = new ArrayList<>(List.of(program));
      command.addAll(List.of(arguments));
      var output = Files.createTempFile("cluster", ".out");
      var errors = Files.createTempFile("cluster", ".err");
      try {
        var process =
            new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try (var stdin = process.outputWriter()) {
          stdin.write(input);
        }
        if (!process.waitFor(120, SECONDS) || process.exitValue() != 0) {
          throw new AssertionError(command + ": " + Files.readString(errors));
        }
        return Files.readString(output);
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new AssertionError(program, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(program, e);
    }
  }

  /** What the call brings, or what it failed with. */
  static <T> T value(CompletionStage<T> call) {
    try {
      return call.toCompletableFuture().get(60, SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ApiFailure failure ? failure : new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** What it brings once the caches that the API server's admission asks have caught up. */
  static <T> T caughtUp(Supplier<CompletionStage<T>> call) {
    var end = System.nanoTime() + SECONDS.toNanos(60);
    while (true) {
      try {
        return value(call.get());
      } catch (ApiFailure failure) {
        if (failure.code() != 403 || System.nanoTime() > end) {
          throw failure;
        }
      }
    }
  }

  /** The failure of a call that must not succeed. */
  static ApiFailure failure(CompletionStage<?> call) {
    try {
      var value = value(call);
      throw new AssertionError("expected a failure, got " + value);
    } catch (ApiFailure failure) {
      return failure;
    }
  }
}
