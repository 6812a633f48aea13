package dev.jkubelet.grpc;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.Trailer;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** A gRPC server at a socket in the file system, until it is closed. */
public final class GrpcServer implements AutoCloseable {
  private static final int HEAD = 5;
  private static final List<GrpcFailure.Code> CODES = List.of(GrpcFailure.Code.values());

  /** What it answers; may block, and may fail with a {@link GrpcFailure}. */
  public interface Service {
    ProtoWriter call(String method, ProtoMessage question) throws Exception;
  }

  private final ActorSystem system;
  private final Service service;
  private final Path socket;
  private final ServerSocketChannel listening;

  private GrpcServer(
      ActorSystem system, Service service, Path socket, ServerSocketChannel listening) {
    this.system = system;
    this.service = service;
    this.socket = socket;
    this.listening = listening;
  }

  public static GrpcServer start(Path socket, Service service) throws IOException {
    Files.deleteIfExists(socket);
    Files.createDirectories(socket.getParent());
    var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    var config =
        ConfigFactory.parseString("pekko.http.server.enable-http2 = on")
            .withFallback(ConfigFactory.load());
    var system = ActorSystem.create("grpc-server", config);
    var server = new GrpcServer(system, service, socket, listening);
    var bound =
        Http.get(system).newServerAt("127.0.0.1", 0).bind(server::answer).toCompletableFuture();
    listening.bind(UnixDomainSocketAddress.of(socket));
    Thread.startVirtualThread(() -> server.accept(bound.join().localAddress()));
    return server;
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request) {
    return request
        .entity()
        .toStrict(Duration.ofSeconds(10).toMillis(), system)
        .thenApply(body -> ProtoMessage.read(body.getData().drop(HEAD).asByteBuffer()))
        .thenCompose(question -> called(request.getUri().path(), question))
        .handle((message, failure) -> failure == null ? answered(message) : failed(failure));
  }

  private CompletionStage<ProtoWriter> called(String method, ProtoMessage question) {
    var answer = new CompletableFuture<ProtoWriter>();
    Thread.startVirtualThread(
        () -> {
          try {
            answer.complete(service.call(method, question));
          } catch (Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });
    return answer;
  }

  private static HttpResponse answered(ProtoWriter message) {
    return response(GrpcReply.question(message.toByteArray()))
        .addAttribute(
            AttributeKeys.trailer,
            Trailer.create().addHeader(RawHeader.create("grpc-status", "0")));
  }

  /** Without a message, its end is in the head. */
  private static HttpResponse failed(Throwable failure) {
    var told =
        failure.getCause() instanceof GrpcFailure known
            ? known
            : new GrpcFailure(GrpcFailure.Code.UNKNOWN, failure.toString(), failure);
    return response(new byte[0])
        .addHeader(RawHeader.create("grpc-status", String.valueOf(CODES.indexOf(told.code()))))
        .addHeader(RawHeader.create("grpc-message", told.words()));
  }

  private static HttpResponse response(byte[] body) {
    var type = MediaTypes.customBinary("application", "grpc", false).toContentType();
    return HttpResponse.create().withEntity(HttpEntities.create(type, body));
  }

  /** Pekko has no server for such a socket: what comes there goes to one at a port. */
  private void accept(SocketAddress port) {
    try {
      while (listening.isOpen()) {
        var client = listening.accept();
        var server = SocketChannel.open((InetSocketAddress) port);
        Thread.startVirtualThread(() -> copy(client, server));
        Thread.startVirtualThread(() -> copy(server, client));
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  private static void copy(SocketChannel from, SocketChannel to) {
    var buffer = ByteBuffer.allocate(8192);
    try (from;
        to) {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
    } catch (IOException _) {
      // One of both has gone.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    Files.deleteIfExists(socket);
    system.terminate();
  }
}
