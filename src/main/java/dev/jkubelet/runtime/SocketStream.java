package dev.jkubelet.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected socket whose calls block virtual threads only. Reads are as big as what comes: a
 * terminal's few bytes don't cost what a file's transfer does.
 */
public final class SocketStream implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(SocketStream.class);

  private final SocketChannel channel;
  private final PieceSize pieces;
  private final AtomicBoolean closed = new AtomicBoolean();
  private int readSize = PieceSize.MIN;

  /**
   * @param channel in blocking mode
   * @param pieces says the most bytes of one read
   */
  public SocketStream(SocketChannel channel, PieceSize pieces) {
    this.channel = channel;
    this.pieces = pieces;
    pieces.opened();
  }

  /** The next bytes, empty at the end; not while another read is under way. */
  public CompletionStage<ByteString> read() {
    return onVirtualThread(this::readNow);
  }

  private ByteString readNow() throws IOException {
    int size = Math.min(readSize, pieces.bytes());
    var buffer = ByteBuffer.allocate(size);
    int read = channel.read(buffer);
    if (read < 0) {
      return ByteString.emptyByteString();
    }
    if (read == size) {
      readSize = Math.min(size * 4, PieceSize.MAX);
    } else if (read < size / 4) {
      readSize = Math.max(size / 4, PieceSize.MIN);
    }
    var bytes = buffer.array();
    return ByteString.fromArrayUnsafe(read < bytes.length / 2 ? Arrays.copyOf(bytes, read) : bytes)
        .take(read);
  }

  /** Writes all of it; not while another write is under way. */
  public CompletionStage<Void> write(ByteString bytes) {
    return onVirtualThread(
        () -> {
          var parts = new ArrayList<ByteBuffer>();
          bytes.getByteBuffers().forEach(parts::add);
          var all = parts.toArray(ByteBuffer[]::new);
          for (long left = bytes.size(); left > 0; ) {
            left -= channel.write(all);
          }
          return null;
        });
  }

  public CompletionStage<Void> endOutput() {
    return onVirtualThread(
        () -> {
          channel.shutdownOutput();
          return null;
        });
  }

  private static <T> CompletionStage<T> onVirtualThread(Callable<T> call) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                result.complete(call.call());
              } catch (Exception failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** Ends reads and writes that are under way; they fail. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      pieces.closed();
    }
    try {
      channel.close();
    } catch (IOException failure) {
      log.debug("can't close a socket", new UncheckedIOException(failure));
    }
  }
}
