package dev.jkubelet.e2e;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The tests' own Docker Engine, stopped and started as an operator would its service. */
final class TestEngine {
  private TestEngine() {}

  /** Every container dies with it. */
  static void stop() throws IOException {
    checkThatItIsOurs();
    bin("down");
  }

  /** From now on it takes connections, and answers nothing. */
  static void freeze() throws IOException {
    signal("STOP");
  }

  static void thaw() throws IOException {
    signal("CONT");
  }

  private static void signal(String signal) throws IOException {
    checkThatItIsOurs();
    var socket = Path.of(URI.create(bin("env")).getPath());
    var pid = Files.readString(socket.resolveSibling("dockerd.pid")).strip();
    new ProcessBuilder("kill", "-" + signal, pid).start().onExit().join();
  }

  private static void checkThatItIsOurs() throws IOException {
    if (!bin("env").equals(System.getenv("DOCKER_HOST"))) {
      throw new AssertionError(
          "this test stops the Docker Engine: DOCKER_HOST must be that of `bin/engine env`, "
              + bin("env"));
    }
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
