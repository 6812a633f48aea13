package dev.jkubelet.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Headless Chromium, told what to do over WebDriver; Debian's {@code chromium-driver}. */
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process driver;
  private final String session;

  Browser(Path folder) throws IOException, InterruptedException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var log = folder.resolve("chromedriver.log").toFile();
    try {
      driver =
          new ProcessBuilder("chromedriver", "--port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(log)
              .start();
    } catch (IOException lacking) {
      throw new IllegalStateException(
          "chromedriver is needed: apt-get install chromium chromium-driver", lacking);
    }
    var base = "http://127.0.0.1:" + port + "/session";
    awaitReady("http://127.0.0.1:" + port + "/status");
    var options =
        Map.of(
            "args",
            List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1200,1400",
                "--user-data-dir=" + Files.createDirectory(folder.resolve("profile"))));
    var wanted =
        Map.of(
            "capabilities",
            Map.of(
                "alwaysMatch",
                Map.of(
                    "browserName",
                    "chrome",
                    "goog:chromeOptions",
                    options,
                    "goog:loggingPrefs",
                    Map.of("browser", "ALL"))));
    session = base + "/" + post(base, wanted).get("sessionId").asText();
  }

  private void awaitReady(String status) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until) {
      try {
        if (send(HttpRequest.newBuilder(URI.create(status)).build()).get("ready").asBoolean()) {
          return;
        }
      } catch (IOException notYet) {
        driver.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    throw new IllegalStateException("chromedriver was not ready within " + PATIENCE);
  }

  void open(String url) throws IOException, InterruptedException {
    post(session + "/url", Map.of("url", url));
  }

  /** What a function's body returns. */
  JsonNode run(String script) throws IOException, InterruptedException {
    return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** Waits until a script returns true. */
  void await(String script) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!run("return Boolean(" + script + ")").asBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError(
            script + " did not come true; " + complaints() + run("return document.body.innerText"));
      }
    }
  }

  /** As on a screen of another size, light or dark. */
  void screen(int width, int height, String scheme) throws IOException, InterruptedException {
    devTools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    devTools(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private void devTools(String command, Map<String, Object> parameters)
      throws IOException, InterruptedException {
    post(session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  void screenshot(Path file) throws IOException, InterruptedException {
    var shot = get(session + "/screenshot").asText();
    Files.write(file, Base64.getDecoder().decode(shot));
  }

  /** What the browser complained of since it was last asked: errors, policies violated. */
  List<String> complaints() throws IOException, InterruptedException {
    var all = new ArrayList<String>();
    post(session + "/se/log", Map.of("type", "browser"))
        .forEach(entry -> all.add(entry.get("message").asText()));
    return all;
  }

  @Override
  public void close() throws IOException {
    try {
      send(HttpRequest.newBuilder(URI.create(session)).DELETE().build());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      driver.destroy();
      driver.onExit().orTimeout(30, TimeUnit.SECONDS).join();
      http.close();
    }
  }

  private JsonNode post(String url, Object body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
            .build());
  }

  private JsonNode get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    var value = JSON.readTree(answer.body()).get("value");
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(request.uri() + ": " + value);
    }
    return value;
  }
}
