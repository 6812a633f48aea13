package dev.jkubelet.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The agent as a process of its own, on ports and folders of its own, on the tests' engine. */
final class Agent implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PATIENCE_MILLIS = 60_000;

  final Path manifests;
  final int kubeletPort = freePort();
  final int readOnlyPort = freePort();
  final int healthzPort = freePort();
  final int cadvisorPort = freePort();
  final Path log;

  /** Beside the test's own. */
  final Map<String, String> environment = new HashMap<>();

  /** Its {@code --root-dir}. */
  final Path root;

  private final Path state;
  private final SSLContext tls;
  private final HttpClient http;
  private Process process;

  Agent(Path state) throws IOException, GeneralSecurityException {
    this.state = state;
    this.root = state.resolve("root");
    this.manifests = Files.createDirectories(state.resolve("manifests"));
    this.log = state.resolve("agent.log");
    this.tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new AnyServer()}, new SecureRandom());
    this.http = HttpClient.newBuilder().sslContext(tls).build();
  }

  void start(String... flags) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@conf/jvm.options",
                "-Dlogback.configurationFile=conf/logback.xml",
                "-Dkamon.configurationFile=conf/kamon.conf",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jkubelet.app.Main",
                "--pod-manifest-path=" + manifests,
                "--root-dir=" + root,
                "--cert-dir=" + state.resolve("pki"),
                "--hostname-override=test-node",
                "--node-ip=127.0.0.1",
                "--docker-endpoint=" + System.getenv("DOCKER_HOST"),
                "--cgroup-driver=cgroupfs",
                "--port=" + kubeletPort,
                "--read-only-port=" + readOnlyPort,
                "--healthz-port=" + healthzPort,
                "--cadvisor-port=" + cadvisorPort));
    command.addAll(List.of(flags));
    var agent =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    agent.environment().putAll(environment);
    process = agent.start();
  }

  void kill() {
    process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** SIGTERM, and how long it took to end. */
  Duration terminate() {
    long begin = System.nanoTime();
    process.destroy();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  int exitCode() {
    return process.onExit().orTimeout(30, TimeUnit.SECONDS).join().exitValue();
  }

  HttpResponse<String> get(String url, String... headers) {
    try {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** An answer that may never end; the stream is the caller's to close. */
  InputStream open(String url) throws IOException {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofInputStream())
          .body();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** A connection to the kubelet's port, for clients that speak by hand. */
  Socket connect() throws IOException {
    var socket = tls.getSocketFactory().createSocket("127.0.0.1", kubeletPort);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  long pid() {
    return process.pid();
  }

  Path proc() {
    return Path.of("/proc", String.valueOf(pid()));
  }

  /** What the kubelet's port shows of itself to who connects now. */
  X509Certificate certificate() {
    try (var socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", kubeletPort)) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    }
  }

  /** The log of a container in a pod of the namespace {@code default}. */
  String containerLog(String pod, String container, String query) {
    var name = pod + "-test-node";
    return get("https://127.0.0.1:%d/containerLogs/default/%s/%s?%s"
            .formatted(kubeletPort, name, container, query))
        .body();
  }

  /** What is told of such a pod; missing as long as nothing is. */
  JsonNode pod(String name) {
    try {
      var items = JSON.readTree(pods()).path("items");
      return items
          .valueStream()
          .filter(pod -> pod.path("metadata").path("name").asText().equals(name + "-test-node"))
          .findFirst()
          .orElseGet(MissingNode::getInstance);
    } catch (JsonProcessingException garbled) {
      throw new UncheckedIOException(garbled);
    }
  }

  /** Of the pod's first container. */
  JsonNode containerStatus(String pod) {
    return pod(pod).path("status").path("containerStatuses").path(0);
  }

  String pods() {
    return get("http://127.0.0.1:" + readOnlyPort + "/pods").body();
  }

  boolean healthy() {
    return health().equals("ok");
  }

  String health() {
    return get("http://127.0.0.1:" + healthzPort + "/healthz").body();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A file that appears whole. */
  void write(String name, String manifest) throws IOException {
    var hidden = manifests.resolve("." + name);
    Files.writeString(hidden, manifest);
    Files.move(hidden, manifests.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  /** Whatever the certificate says; an extended one is asked about the host's name too. */
  private static final class AnyServer extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
