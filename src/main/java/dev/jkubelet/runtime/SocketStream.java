package dev.jkubelet.runtime;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected socket whose calls block no thread. What is there is read at once, and what there is
 * room for written, by whoever calls; the rest follows when the socket is ready for it. Reads are
 * as big as what comes: a terminal's few bytes don't cost what a file's transfer does.
 */
public final class SocketStream implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(SocketStream.class);

  private final SocketChannel channel;
  private final PieceSize pieces;
  private final SelectionKey key;
  private final AtomicReference<Pending<?>> reading = new AtomicReference<>();
  private final AtomicReference<Pending<?>> writing = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private int readSize = PieceSize.MIN;

  /**
   * @param channel is this stream's from now on
   * @param pieces says the most bytes of one read
   */
  public SocketStream(SocketChannel channel, PieceSize pieces) throws IOException {
    this.channel = channel;
    this.pieces = pieces;
    this.key = ReadySockets.register(channel, this);
    pieces.opened();
  }

  private interface Attempt<T> {
    /** Empty when the socket is not ready for it, or for all of it. */
    Optional<T> now() throws IOException;
  }

  /** A read or a write, tried until it is done. */
  private final class Pending<T> {
    private final AtomicReference<Pending<?>> place;
    private final int operation;
    private final Attempt<T> attempt;
    private final CompletableFuture<T> result = new CompletableFuture<>();

    private Pending(AtomicReference<Pending<?>> place, int operation, Attempt<T> attempt) {
      this.place = place;
      this.operation = operation;
      this.attempt = attempt;
    }

    private void goOn() {
      try {
        var done = attempt.now();
        if (done.isPresent()) {
          result.complete(done.get());
        } else {
          place.set(this);
          ReadySockets.await(key, operation);
        }
      } catch (CancelledKeyException _) {
        failed();
      } catch (IOException | RuntimeException failure) {
        // Also what nobody expects: the thread that came here serves all sockets.
        result.completeExceptionally(failure);
      }
    }

    private void failed() {
      result.completeExceptionally(new ClosedChannelException());
    }
  }

  private static <T> CompletionStage<T> begun(Pending<T> pending) {
    pending.goOn();
    return pending.result;
  }

  /** Goes on with what waited for that. */
  void ready(int operations) {
    if ((operations & SelectionKey.OP_READ) != 0) {
      waiting(reading).ifPresent(Pending::goOn);
    }
    if ((operations & SelectionKey.OP_WRITE) != 0) {
      waiting(writing).ifPresent(Pending::goOn);
    }
  }

  private static Optional<Pending<?>> waiting(AtomicReference<Pending<?>> place) {
    return Optional.ofNullable(place.getAndSet(null));
  }

  /** The next bytes, empty at the end; not while another read is under way. */
  public CompletionStage<ByteString> read() {
    var bytes = new byte[Math.min(readSize, pieces.bytes())];
    return begun(new Pending<>(reading, SelectionKey.OP_READ, () -> readNow(bytes)));
  }

  private Optional<ByteString> readNow(byte[] bytes) throws IOException {
    int size = bytes.length;
    int read = channel.read(ByteBuffer.wrap(bytes));
    if (read <= 0) {
      return read < 0 ? Optional.of(ByteString.emptyByteString()) : Optional.empty();
    }
    if (read == size) {
      readSize = Math.min(size * 4, PieceSize.MAX);
    } else if (read < size / 4) {
      readSize = Math.max(size / 4, PieceSize.MIN);
    }
    return Optional.of(
        ByteString.fromArrayUnsafe(read < size / 2 ? Arrays.copyOf(bytes, read) : bytes)
            .take(read));
  }

  /** Writes all of it; not while another write is under way. */
  public CompletionStage<Void> write(ByteString bytes) {
    var parts = new ArrayList<ByteBuffer>();
    bytes.getByteBuffers().forEach(parts::add);
    var all = parts.toArray(ByteBuffer[]::new);
    return begun(new Pending<>(writing, SelectionKey.OP_WRITE, () -> writeNow(all)))
        .thenAccept(_ -> {});
  }

  private Optional<ByteBuffer[]> writeNow(ByteBuffer... all) throws IOException {
    while (Arrays.stream(all).anyMatch(ByteBuffer::hasRemaining)) {
      if (channel.write(all) == 0) {
        return Optional.empty();
      }
    }
    return Optional.of(all);
  }

  public CompletionStage<Void> endOutput() {
    try {
      channel.shutdownOutput();
      return CompletableFuture.completedStage(null);
    } catch (IOException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  /** Ends reads and writes that are under way; they fail. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    pieces.closed();
    try {
      channel.close();
    } catch (IOException failure) {
      log.debug("can't close a socket", new UncheckedIOException(failure));
    }
    ReadySockets.closed();
    waiting(reading).ifPresent(Pending::failed);
    waiting(writing).ifPresent(Pending::failed);
  }
}
