package dev.jkubelet.grpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Connections of Pekko's HTTP client to a socket in the file system, which Pekko has none for: the
 * JDK's own, read and written by virtual threads.
 */
final class UnixTransport extends ClientTransport {
  private static final int READ_AT_ONCE = 16 * 1024;

  /** The client wants to know addresses of an internet that is not there. */
  private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("", 0);

  private final SocketChannel channel;

  private UnixTransport(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects; who waits longer than {@code limit} fails. For one use. */
  static CompletionStage<UnixTransport> connect(Path socket, Duration limit) {
    return onThread(() -> open(socket))
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(UnixTransport::new);
  }

  private static SocketChannel open(Path socket) throws IOException {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException failure) {
      throw new IOException("dial unix " + socket + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
      String host, int port, ClientConnectionSettings settings, ActorSystem system) {
    var written =
        Flow.of(ByteString.class)
            .mapAsync(1, bytes -> onThread(() -> write(channel, bytes)))
            .to(Sink.ignore());
    var read =
        Source.unfoldAsync(channel, open -> onThread(() -> read(open)))
            .watchTermination(
                (nothing, end) -> {
                  var _ = end.whenComplete((_, _) -> close(channel));
                  return nothing;
                });
    return Flow.fromSinkAndSource(written, read)
        .mapMaterializedValue(
            _ ->
                CompletableFuture.completedStage(
                    new OutgoingConnection(new Http.OutgoingConnection(NOWHERE, NOWHERE))));
  }

  private static Optional<Pair<SocketChannel, ByteString>> read(SocketChannel channel)
      throws IOException {
    var buffer = ByteBuffer.allocate(READ_AT_ONCE);
    return channel.read(buffer) < 0
        ? Optional.empty()
        : Optional.of(Pair.create(channel, ByteString.fromByteBuffer(buffer.flip())));
  }

  /** Whoever has closed it has what was asked for: the client's last words need no hearer. */
  private static Done write(SocketChannel channel, ByteString bytes) throws IOException {
    var buffer = bytes.asByteBuffer();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (ClosedChannelException _) {
      return Done.getInstance();
    }
    return Done.getInstance();
  }

  /** Also wakes up who reads. */
  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // Nothing of it is left either way.
    }
  }

  /** What comes too late is closed if it can be: nobody else will. */
  private static <T> CompletableFuture<T> onThread(Callable<T> work) {
    var result = new CompletableFuture<T>();
    Thread.startVirtualThread(
        () -> {
          try {
            var done = work.call();
            if (!result.complete(done) && done instanceof SocketChannel late) {
              close(late);
            }
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }
}
