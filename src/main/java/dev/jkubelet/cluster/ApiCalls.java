package dev.jkubelet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Requests to the API server, so many at a time, each with a time limit, a virtual thread each.
 *
 * <p>On the JDK's own HTTP client, not fabric8's: that one keeps a failed answer's headers (and so
 * {@code Retry-After}) to itself, retries what is not to be retried, and can't let go of a
 * connection that went dead.
 */
final class ApiCalls {
  private static final String USER_AGENT = "kubelet/v1.20.2 jkubelet";
  private static final int AT_ONCE = 64;
  private static final int UNAUTHORIZED = 401;
  private static final int ERROR_BYTES = 64 * 1024;

  /** Reads and writes the model's objects as fabric8 does. */
  private final ObjectMapper json;

  private final KubernetesSerialization serialization;
  private final URI server;
  private final Connections connections;
  private final LoginHeader login;
  private final Reachability reachability;
  private final Semaphore slots;
  private final CallTurns turns;
  private final CallListener listener;

  ApiCalls(URI server, Connections connections, LoginHeader login, CallListener listener) {
    this.json = new ObjectMapper();
    this.serialization = new KubernetesSerialization(json, false);
    this.server = server;
    this.connections = connections;
    this.login = login;
    this.reachability = new Reachability();
    this.slots = new Semaphore(AT_ONCE, true);
    this.turns = new CallTurns(CallRates.UNLIMITED.api());
    this.listener = listener;
  }

  private ApiCalls(ApiCalls shared, CallTurns turns) {
    this.json = shared.json;
    this.serialization = shared.serialization;
    this.server = shared.server;
    this.connections = shared.connections;
    this.login = shared.login;
    this.reachability = shared.reachability;
    this.slots = shared.slots;
    this.turns = turns;
    this.listener = shared.listener;
  }

  /** The same connections and limits, and for these calls one of their own besides. */
  ApiCalls at(CallRates.Rate rate) {
    return new ApiCalls(this, new CallTurns(rate));
  }

  Reachability reachability() {
    return reachability;
  }

  String written(Object value) {
    return serialization.asJson(value);
  }

  <T> T read(JsonNode node, Class<T> type) throws IOException {
    return json.treeToValue(node, type);
  }

  ObjectMapper json() {
    return json;
  }

  /** The answer, read as {@code type}; a failed stage carries an {@link ApiFailure}. */
  <T> CompletionStage<T> call(ApiRequest request, Class<T> type) {
    return stage(request.what(), () -> answer(request, type));
  }

  /** What blocking work brings, done on a virtual thread; its failure is passed as it is. */
  <T> CompletionStage<T> stage(String what, Callable<T> work) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .name(what)
        .start(
            () -> {
              try {
                result.complete(work.call());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  private void awaitTurn(ApiRequest request) throws InterruptedException {
    long began = System.nanoTime();
    turns.await();
    listener.waited(told(request), since(began));
  }

  private CallListener.Call told(ApiRequest request) {
    return new CallListener.Call(request.method(), server.toString(), request.template());
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  /** The answer; blocks, and fails with {@link ApiFailure}. */
  <T> T answer(ApiRequest request, Class<T> type) throws InterruptedException {
    awaitTurn(request);
    if (!slots.tryAcquire(request.limit().toMillis(), TimeUnit.MILLISECONDS)) {
      throw ApiFailures.late(request);
    }
    try {
      var response = send(request, connections.current(), BodyHandlers.ofByteArray());
      check(request, response, response.body());
      return json.readValue(response.body(), type);
    } catch (IOException e) {
      throw ApiFailures.unanswered(request, e);
    } finally {
      slots.release();
    }
  }

  /**
   * An answer as it comes, to be closed by the caller; blocks until it begins, and fails with
   * {@link ApiFailure}.
   */
  InputStream stream(ApiRequest request) throws InterruptedException {
    awaitTurn(request);
    try {
      var connection = connections.forStream();
      InputStream opened = null;
      try {
        opened = stream(request, connection);
        return opened;
      } finally {
        if (opened == null) {
          connection.releaseStream();
        }
      }
    } catch (IOException e) {
      throw ApiFailures.unanswered(request, e);
    }
  }

  private InputStream stream(ApiRequest request, Connection connection)
      throws IOException, InterruptedException {
    var response = send(request, connection, BodyHandlers.ofInputStream());
    var body = response.body();
    if (!success(response)) {
      try (body) {
        check(request, response, body.readNBytes(ERROR_BYTES));
      }
    }
    return new StreamBody(body, connection);
  }

  /** Gives its room back when it is closed. */
  private static final class StreamBody extends FilterInputStream {
    private final Connection connection;
    private final AtomicBoolean closed = new AtomicBoolean();

    StreamBody(InputStream body, Connection connection) {
      super(body);
      this.connection = connection;
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        connection.releaseStream();
      }
      super.close();
    }
  }

  private <T> HttpResponse<T> send(
      ApiRequest request, Connection connection, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return connection.inTurn(request.limit(), () -> sendNow(request, connection, handler));
  }

  private <T> HttpResponse<T> sendNow(
      ApiRequest request, Connection connection, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    var began = System.nanoTime();
    var answer = connection.client().sendAsync(http(request), heard(connection, handler));
    boolean answered = false;
    try {
      var response = answer.get(request.limit().toMillis(), TimeUnit.MILLISECONDS);
      answered = true;
      listener.answered(told(request), response.statusCode(), since(began));
      return response;
    } catch (TimeoutException e) {
      miss(connection);
      if (connection.silentSince(began)) {
        connections.silent(connection);
      }
      throw ApiFailures.late(request);
    } catch (ExecutionException e) {
      miss(connection);
      if (connections.gaveUp(connection)) {
        throw new IOException("the connection was given up", e);
      }
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
      if (!answered) {
        listener.unanswered(told(request), since(began));
      }
    }
  }

  private void miss(Connection connection) {
    connection.miss();
    reachability.lost();
  }

  private <T> BodyHandler<T> heard(Connection connection, BodyHandler<T> handler) {
    return info -> {
      connection.hear();
      reachability.found();
      return handler.apply(info);
    };
  }

  private HttpRequest http(ApiRequest request) throws IOException, InterruptedException {
    var builder =
        HttpRequest.newBuilder(URI.create(server + request.path()))
            .header("User-Agent", USER_AGENT)
            .header("Accept", "application/json");
    login.value().ifPresent(value -> builder.header("Authorization", value));
    if (request.body() == null) {
      return builder.method(request.method(), BodyPublishers.noBody()).build();
    }
    return builder
        .header("Content-Type", request.contentType())
        .method(request.method(), BodyPublishers.ofString(request.body()))
        .build();
  }

  private static boolean success(HttpResponse<?> response) {
    return response.statusCode() / 100 == 2;
  }

  private void check(ApiRequest request, HttpResponse<?> response, byte[] body) {
    if (response.statusCode() == UNAUTHORIZED) {
      login.refused();
    }
    if (!success(response)) {
      throw ApiFailures.answered(
          request, response.statusCode(), response.headers().firstValue("Retry-After"), body);
    }
  }
}
