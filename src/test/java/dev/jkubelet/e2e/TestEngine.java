package dev.jkubelet.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The tests' own Docker Engine, stopped and started as an operator would its service. */
final class TestEngine {
  private TestEngine() {}

  /** Every container dies with it. */
  static void stop() throws IOException {
    if (!bin("env").equals(System.getenv("DOCKER_HOST"))) {
      throw new AssertionError(
          "this test stops the Docker Engine: DOCKER_HOST must be that of `bin/engine env`, "
              + bin("env"));
    }
    bin("down");
  }

  /** Until it answers. */
  static void start() throws IOException {
    bin("up");
  }

  private static String bin(String verb) throws IOException {
    var process = new ProcessBuilder("bin/engine", verb).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new AssertionError("bin/engine " + verb + ": " + output);
    }
    return output.strip();
  }
}
