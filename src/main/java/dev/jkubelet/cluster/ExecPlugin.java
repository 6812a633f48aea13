package dev.jkubelet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ExecConfig;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that hands out credentials, as client.authentication.k8s.io says. It is run when they
 * are needed first, when they expired, and after the server refused them.
 */
final class ExecPlugin {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT_SECONDS = 60;

  /** What it handed out. */
  record Credential(Optional<String> token, Optional<Identity> identity, Instant expires) {}

  private final Path kubeconfig;
  private final ExecConfig exec;
  private final Clock clock;
  private Optional<Credential> last = Optional.empty();

  ExecPlugin(Path kubeconfig, ExecConfig exec, Clock clock) {
    this.kubeconfig = kubeconfig;
    this.exec = exec;
    this.clock = clock;
  }

  /** Blocks while the program runs, a minute at most. */
  synchronized Credential credential() throws IOException, InterruptedException {
    if (last.isEmpty() || !clock.instant().isBefore(last.get().expires())) {
      last = Optional.of(parsed(output()));
    }
    return last.get();
  }

  /** The server does not take what was handed out. */
  synchronized void refused() {
    last = Optional.empty();
  }

  private byte[] output() throws IOException, InterruptedException {
    var process = builder().start();
    var output = process.getInputStream();
    try {
      process.getOutputStream().close();
      var bytes = new CompletableFuture<byte[]>();
      Thread.ofVirtual()
          .name("credentials")
          .start(
              () -> {
                try {
                  bytes.complete(output.readAllBytes());
                } catch (IOException e) {
                  bytes.completeExceptionally(e);
                }
              });
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(exec.getCommand() + ": no answer within " + LIMIT_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException(exec.getCommand() + " failed with exit code " + process.exitValue());
      }
      return bytes.join();
    } finally {
      process.destroyForcibly();
    }
  }

  private ProcessBuilder builder() {
    var command = new ArrayList<String>();
    var program = exec.getCommand();
    // A path counts from the kubeconfig's folder, a bare name from PATH.
    command.add(
        program.contains("/")
            ? kubeconfig.resolveSibling(program).normalize().toString()
            : program);
    command.addAll(Optional.ofNullable(exec.getArgs()).orElse(List.of()));
    var builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    var environment = builder.environment();
    Optional.ofNullable(exec.getEnv())
        .orElse(List.of())
        .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
    environment.put(
        "KUBERNETES_EXEC_INFO",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"%s\",\"spec\":{\"interactive\":false}}"
            .formatted(exec.getApiVersion()));
    return builder;
  }

  private Credential parsed(byte[] output) throws IOException {
    JsonNode answer = JSON.readTree(output);
    if (!answer.path("apiVersion").asText().equals(exec.getApiVersion())) {
      throw new IOException(
          "%s: expected an ExecCredential of %s, got apiVersion \"%s\""
              .formatted(
                  exec.getCommand(), exec.getApiVersion(), answer.path("apiVersion").asText()));
    }
    var status = answer.path("status");
    var token = text(status, "token");
    var certificate = text(status, "clientCertificateData");
    var key = text(status, "clientKeyData");
    if (token.isEmpty() && (certificate.isEmpty() || key.isEmpty())) {
      throw new IOException(exec.getCommand() + ": handed out neither token nor certificate");
    }
    var identity =
        certificate.isEmpty() || key.isEmpty()
            ? Optional.<Identity>empty()
            : Optional.of(Identity.of(certificate.get(), key.get()));
    return new Credential(token, identity, expires(status));
  }

  private static Instant expires(JsonNode status) throws IOException {
    var text = text(status, "expirationTimestamp");
    try {
      return text.map(Instant::parse).orElse(Instant.MAX);
    } catch (DateTimeParseException e) {
      throw new IOException("expirationTimestamp: expected RFC 3339, got " + text.get(), e);
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.of(node.path(field).asText()).filter(text -> !text.isEmpty());
  }
}
