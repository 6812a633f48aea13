package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * In front of the real API server: passes all on with an administrator's rights, but for faults.
 */
public final class FaultyFront implements AutoCloseable {
  /**
   * What happens to the next request to which it applies.
   *
   * @param code 0 to pass it on after the delay
   */
  record Fault(
      Predicate<String> query,
      int code,
      Map<String, String> headers,
      String body,
      Duration delay) {}

  private final HttpServer server;
  private final HttpClient client;
  private final URI target;
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  public FaultyFront() throws IOException {
    var admin = Kubeconfig.read(TestCluster.admin());
    target = admin.server();
    client =
        HttpClient.newBuilder()
            .sslContext(ClientTls.context(admin, TlsFiles.read(admin), Optional.empty()))
            .build();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** A kubeconfig that leads here. */
  public Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("front.kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: x, context: {cluster: c}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort()));
  }

  public void next(Predicate<String> query, int code, Map<String, String> headers, String body) {
    faults.add(new Fault(query, code, headers, body, Duration.ZERO));
  }

  public void delayNext(Predicate<String> query, Duration delay) {
    faults.add(new Fault(query, 0, Map.of(), "", delay));
  }

  /** Methods, paths and queries of all requests so far. */
  List<String> seen() {
    return List.copyOf(seen);
  }

  String userAgent = "";

  private void handle(HttpExchange exchange) throws IOException {
    var what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    seen.add(what);
    userAgent = exchange.getRequestHeaders().getFirst("User-Agent");
    var fault = faults.stream().filter(next -> next.query().test(what)).findFirst();
    fault.ifPresent(faults::remove);
    try (exchange) {
      if (fault.isPresent()
          && closed.await(fault.get().delay().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      if (fault.isPresent() && fault.get().code() != 0) {
        answer(exchange, fault.get());
      } else {
        pass(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, Fault fault) throws IOException {
    exchange.getRequestBody().readAllBytes();
    fault.headers().forEach(exchange.getResponseHeaders()::set);
    var body = fault.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(fault.code(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void pass(HttpExchange exchange) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
        .ifPresent(type -> request.header("Content-Type", type));
    var response = client.send(request.build(), BodyHandlers.ofInputStream());
    exchange.sendResponseHeaders(response.statusCode(), 0);
    try (InputStream body = response.body();
        var out = exchange.getResponseBody()) {
      var buffer = new byte[8192];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    client.shutdownNow();
  }
}
