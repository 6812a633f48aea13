package dev.jkubelet.grpc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity.ChunkStreamPart;
import org.apache.pekko.http.javadsl.model.HttpEntity.Chunked;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.ProductVersion;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.UserAgent;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Calls of gRPC with one message each way, over HTTP/2 without TLS, each on a connection of its
 * own. What gRPC is made of beyond that is not needed.
 */
public final class GrpcClient {
  private static final ContentType GRPC =
      MediaTypes.customBinary("application", "grpc", false).toContentType();

  private final ClassicActorSystemProvider system;
  private final Connector connector;
  private final String authority;
  private final UserAgent userAgent;

  /** Makes the connection of one call; one that must be made in time says so. */
  private interface Connector {
    CompletionStage<OutgoingConnectionBuilder> connect(Duration limit);
  }

  private GrpcClient(
      ClassicActorSystemProvider system, Connector connector, String authority, String userAgent) {
    this.system = system;
    this.connector = connector;
    this.authority = authority;
    this.userAgent = agent(userAgent);
  }

  private static UserAgent agent(String userAgent) {
    var parts = List.of(userAgent.split("/", 2));
    return UserAgent.create(ProductVersion.create(parts.getFirst(), parts.getLast()));
  }

  /**
   * Of a server that listens at a port.
   *
   * @param userAgent product and version, with a slash between
   * @param authority host and port as URIs have them
   */
  public static GrpcClient tcp(
      ClassicActorSystemProvider system,
      String host,
      int port,
      String authority,
      String userAgent) {
    var connection = to(system, host).toPort(port);
    return new GrpcClient(
        system, _ -> CompletableFuture.completedStage(connection), authority, userAgent);
  }

  /** Without a log: to Pekko every end of a connection that the client wants is an error. */
  private static OutgoingConnectionBuilder to(ClassicActorSystemProvider system, String host) {
    return Http.get(system).connectionTo(host).logTo(NoLogging.getInstance());
  }

  /** Of a server that listens at a socket in the file system. */
  public static GrpcClient unix(ClassicActorSystemProvider system, Path socket, String userAgent) {
    var settings = ClientConnectionSettings.create(system.classicSystem());
    var connection = to(system, "localhost");
    return new GrpcClient(
        system,
        limit ->
            UnixTransport.connect(socket, limit)
                .thenApply(
                    open -> connection.withClientConnectionSettings(settings.withTransport(open))),
        "localhost",
        userAgent);
  }

  /**
   * Calls once.
   *
   * @param method {@code /package.Service/Method}
   * @return fails with a {@link GrpcFailure}, at the latest when {@code limit} is over
   */
  public CompletionStage<ProtoMessage> call(String method, ProtoWriter message, Duration limit) {
    return connector
        .connect(limit)
        .thenCompose(connection -> call(connection, request(method, message, limit), limit))
        .thenApply(GrpcReply::answer)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(failed(failure)));
  }

  private CompletionStage<GrpcReply> call(
      OutgoingConnectionBuilder connection, HttpRequest request, Duration limit) {
    // The connection stays open for the answer's sake: the stream of requests must not end first.
    return Source.single(request)
        .concat(Source.maybe())
        .via(connection.http2WithPriorKnowledge())
        .mapAsync(1, this::reply)
        .completionTimeout(limit)
        .runWith(Sink.head(), system);
  }

  private HttpRequest request(String method, ProtoWriter message, Duration limit) {
    return HttpRequest.POST("http://" + authority + method)
        .addHeader(RawHeader.create("te", "trailers"))
        .addHeader(userAgent)
        .addHeader(RawHeader.create("grpc-timeout", limit.toMillis() + "m"))
        .withEntity(HttpEntities.create(GRPC, GrpcReply.question(message.toByteArray())));
  }

  private CompletionStage<GrpcReply> reply(HttpResponse response) {
    var head = GrpcReply.of(response.status().intValue(), texts(response.getHeaders()));
    return response.entity() instanceof Chunked chunked
        ? chunked.getChunks().runFold(head, GrpcClient::and, system)
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

  private static GrpcFailure failed(Throwable failure) {
    return switch (failure) {
      case GrpcFailure told -> told;
      case CompletionException wrapper when wrapper.getCause() != null ->
          failed(wrapper.getCause());
      case TimeoutException late ->
          new GrpcFailure(GrpcFailure.Code.DEADLINE_EXCEEDED, "context deadline exceeded", late);
      default ->
          new GrpcFailure(
              GrpcFailure.Code.UNAVAILABLE,
              "connection error: desc = \"" + failure.getMessage() + "\"",
              failure);
    };
  }
}
