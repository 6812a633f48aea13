package dev.jkubelet.probe;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity.ChunkStreamPart;
import org.apache.pekko.http.javadsl.model.HttpEntity.Chunked;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Asks {@code grpc.health.v1.Health/Check}, over HTTP/2 without TLS, on a connection of its own.
 * One message each way: what gRPC is made of beyond that is not needed.
 */
public final class GrpcHealth {
  private static final ContentType GRPC =
      MediaTypes.customBinary("application", "grpc", false).toContentType();

  private static final String CHECK = "/grpc.health.v1.Health/Check";

  private final ClassicActorSystemProvider system;

  public GrpcHealth(ClassicActorSystemProvider system) {
    this.system = system;
  }

  /**
   * Asks once.
   *
   * @param service as the server knows it; empty for the server as a whole
   */
  public CompletionStage<ProbeOutcome> check(
      String host, int port, String service, Duration limit) {
    var connection = Http.get(system).connectionTo(host).toPort(port).http2WithPriorKnowledge();
    // The connection stays open for the answer's sake: the stream of requests must not end first.
    return Source.single(request(Dial.address(host, port), service))
        .concat(Source.maybe())
        .via(connection)
        .mapAsync(1, this::reply)
        .completionTimeout(limit)
        .runWith(Sink.head(), system)
        .thenApply(GrpcReply::outcome)
        .exceptionally(failure -> failed(failure, Dial.address(host, port), limit));
  }

  private static HttpRequest request(String address, String service) {
    return HttpRequest.POST("http://" + address + CHECK)
        .addHeader(RawHeader.create("te", "trailers"))
        .addHeader(RawHeader.create("user-agent", "kube-probe/1.20"))
        .withEntity(HttpEntities.create(GRPC, GrpcReply.question(service)));
  }

  private CompletionStage<GrpcReply> reply(HttpResponse response) {
    var head = GrpcReply.of(response.status().intValue(), texts(response.getHeaders()));
    return response.entity() instanceof Chunked chunked
        ? chunked.getChunks().runFold(head, GrpcHealth::and, system)
        : response
            .entity()
            .getDataBytes()
            .runFold(head, (known, bytes) -> known.and(bytes), system);
  }

  private static GrpcReply and(GrpcReply known, ChunkStreamPart part) {
    return part.isLastChunk() ? known.and(texts(part.getTrailerHeaders())) : known.and(part.data());
  }

  private static Map<String, String> texts(Iterable<HttpHeader> headers) {
    var texts = new TreeMap<String, String>();
    headers.forEach(header -> texts.put(header.lowercaseName(), header.value()));
    return texts;
  }

  private static ProbeOutcome failed(Throwable failure, String address, Duration limit) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return new ProbeOutcome.Failure(
        cause instanceof TimeoutException
            ? "timeout: failed to connect service \"%s\" within %ds: context deadline exceeded"
                .formatted(address, limit.toSeconds())
            : "error: health rpc probe failed: " + cause.getMessage());
  }
}
