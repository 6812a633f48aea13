package dev.jkubelet.node.source;

import dev.jkubelet.model.manifest.ManifestDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches the manifest URL: at most ten seconds, body included, and at most as long as a manifest.
 */
final class ManifestDownload implements ManifestUrl.Server {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final HttpClient client;
  private final HttpRequest request;
  private final Duration limit;

  private ManifestDownload(HttpRequest request, Duration limit) {
    this.request = request;
    this.limit = limit;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(limit)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** With the kubelet's time limit; {@code request} from {@link #request}. */
  static ManifestDownload open(HttpRequest request) {
    return open(request, LIMIT);
  }

  static ManifestDownload open(HttpRequest request, Duration limit) {
    return new ManifestDownload(request, limit);
  }

  /**
   * The request for {@code uri}; a user name and password in it become basic authorization.
   *
   * @throws IllegalArgumentException naming the header or URL that can't be sent
   */
  static HttpRequest request(URI uri, Map<String, List<String>> headers) {
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "manifest URL: expected http:// or https://, got " + new ManifestOrigin.Url(uri).shown());
    }
    var request = HttpRequest.newBuilder(URI.create(new ManifestOrigin.Url(uri).shown())).GET();
    if (uri.getUserInfo() != null) {
      var credentials = uri.getUserInfo().getBytes(StandardCharsets.UTF_8);
      request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
    }
    headers.forEach(
        (name, values) -> {
          try {
            values.forEach(value -> request.header(name, value));
          } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                "manifest URL header " + name + ": can't be sent", refused);
          }
        });
    return request.build();
  }

  /** The body of a 200; anything else is a failure that says what came. */
  @Override
  public CompletionStage<byte[]> get() {
    var answer = client.sendAsync(request, this::body);
    return answer
        .thenApply(HttpResponse::body)
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (_, failure) -> {
              if (failure instanceof TimeoutException) {
                // The client's own time limit ends with the headers; this ends the body too.
                answer.cancel(true);
              }
            });
  }

  private HttpResponse.BodySubscriber<byte[]> body(HttpResponse.ResponseInfo info) {
    if (info.statusCode() == OK) {
      return BodyHandlers.limiting(BodyHandlers.ofByteArray(), ManifestDecoder.LONGEST).apply(info);
    }
    return BodySubscribers.mapping(
        BodySubscribers.discarding(),
        _ -> {
          var problem = "expected status 200, got " + info.statusCode();
          throw new UncheckedIOException(problem, new IOException(problem));
        });
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
