package dev.jkubelet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's Prometheus as a process of the test's own, and its {@code promtool}. */
final class Prometheus implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  /**
   * Scrapes every second.
   *
   * @param jobs of the configuration, in YAML
   */
  Prometheus(Path folder, String jobs) throws IOException {
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ["
            + Path.of("conf/dashboards/rules.yaml").toAbsolutePath()
            + "]\nscrape_configs:\n"
            + jobs);
    process =
        command(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
  }

  /** The series that answer a query now; none while Prometheus is not up. */
  JsonNode query(String expression) {
    var url =
        "http://127.0.0.1:"
            + port
            + "/api/v1/query?query="
            + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofString());
      var body = new JsonMapper().readTree(answer.body());
      if (answer.statusCode() == 400) {
        throw new AssertionError(expression + ": " + body.get("error").asText());
      }
      return body.at("/data/result");
    } catch (IOException notUp) {
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** What promtool says of its input; nothing when it is content. */
  static String promtool(String input, String... arguments)
      throws IOException, InterruptedException {
    var all = new java.util.ArrayList<>(List.of("promtool"));
    all.addAll(List.of(arguments));
    var tool = command(all.toArray(String[]::new)).start();
    try (var in = tool.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return tool.waitFor() == 0 ? "" : said;
  }

  private static ProcessBuilder command(String... command) throws IOException {
    var path = System.getenv("PATH").split(":", -1);
    if (java.util.Arrays.stream(path).noneMatch(p -> Files.isExecutable(Path.of(p, command[0])))) {
      throw new IOException(command[0] + " is needed: apt-get install prometheus");
    }
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    http.close();
  }
}
