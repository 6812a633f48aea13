package dev.jkubelet.runtime.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs plugins: programs that are told what to do by variables and standard input, and answer on
 * standard output.
 *
 * @param folders {@code --cni-bin-dir}
 * @param limit how long one may take
 */
record PluginCall(List<Path> folders, Duration limit) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_ANSWER = 1 << 20;

  /**
   * Blocks until the plugin has answered.
   *
   * @param variables {@code CNI_COMMAND} and so on
   * @return what it wrote; missing when that was nothing
   */
  JsonNode run(String type, Map<String, String> variables, JsonNode configuration)
      throws InterruptedException {
    try {
      var process = start(type, variables);
      var answer = read(process);
      try (var in = process.getOutputStream()) {
        in.write(JSON.writeValueAsBytes(configuration));
      }
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new CniException(
            "plugin %s: no answer within %ds".formatted(type, limit.toSeconds()));
      }
      return understood(type, process.exitValue(), answer.join());
    } catch (IOException failure) {
      throw new CniException("plugin %s: %s".formatted(type, failure.getMessage()), failure);
    }
  }

  private Process start(String type, Map<String, String> variables) throws IOException {
    var program =
        folders.stream()
            .map(folder -> folder.resolve(type))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new CniException(
                        "failed to find plugin \"%s\" in path %s".formatted(type, folders)));
    var builder = new ProcessBuilder(program.toString());
    builder.environment().putAll(variables);
    builder
        .environment()
        .put("CNI_PATH", String.join(":", folders.stream().map(Path::toString).toList()));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  private static CompletableFuture<byte[]> read(Process process) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (var out = process.getInputStream()) {
            return out.readNBytes(LARGEST_ANSWER);
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        },
        Thread::startVirtualThread);
  }

  private static JsonNode understood(String type, int exit, byte[] answer) throws IOException {
    var json = answer.length == 0 ? MissingNode.getInstance() : JSON.readTree(answer);
    if (exit == 0) {
      return json;
    }
    var message = json.path("msg").asText();
    var details = json.path("details").asText();
    throw new CniException(
        message.isEmpty()
            ? "plugin %s: exit status %d".formatted(type, exit)
            : details.isEmpty() ? message : message + ": " + details);
  }
}
