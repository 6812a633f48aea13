package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.EngineInfo;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * docker-java's client, and beside it the same connections for calls that its commands can't make:
 * bodies and answers with values that its types don't know, and streams that must be abandoned
 * while the engine keeps silent.
 */
final class Engine implements AutoCloseable {
  private static final Duration MAX_CONNECT = Duration.ofSeconds(30);
  private final DockerHttpClient http;
  private final ObjectMapper json;
  final DockerClient docker;
  final EngineErrors errors;

  Engine(DockerOptions options) {
    var config = new EngineConfig(options.endpoint());
    var limit = options.requestLimit();
    this.json = config.json();
    this.http =
        new EngineConnections(
            options.endpoint(),
            limit.compareTo(MAX_CONNECT) < 0 ? limit : MAX_CONNECT,
            options.listener());
    this.docker = DockerClientImpl.getInstance(config, http);
    this.errors = new EngineErrors(options.endpoint(), json);
  }

  EngineInfo info() {
    var info = docker.infoCmd().exec();
    var version = docker.versionCmd().exec();
    return new EngineInfo(
        "docker",
        version.getVersion(),
        version.getApiVersion(),
        Path.of(info.getDockerRootDir()),
        info.getDriver(),
        info.getCGroupDriver(),
        "2".equals(info.getCGroupVersion()) ? 2 : 1,
        info.getLoggingDriver());
  }

  JsonNode get(String path) throws IOException {
    return answer(Request.builder().method(Request.Method.GET).path(path).build());
  }

  JsonNode post(String path, JsonNode body) throws IOException {
    return answer(
        Request.builder()
            .method(Request.Method.POST)
            .path(path)
            .putHeader("Content-Type", "application/json")
            .bodyBytes(json.writeValueAsBytes(body))
            .build());
  }

  private JsonNode answer(Request request) throws IOException {
    try (var response = open(request)) {
      return json.readTree(response.getBody());
    }
  }

  /** The answer's beginning; fails with an {@link EngineException} unless it is a success. */
  Response open(Request request) throws IOException {
    var response = http.execute(request);
    if (response.getStatusCode() < 300) {
      return response;
    }
    try (response) {
      var body = new String(response.getBody().readNBytes(1 << 16), StandardCharsets.UTF_8);
      throw errors.ofStatus(response.getStatusCode(), body, null);
    }
  }

  ObjectMapper json() {
    return json;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      http.close();
    } catch (IOException failure) {
      throw errors.of(failure);
    }
  }
}
