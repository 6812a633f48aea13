package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.Output;
import dev.jkubelet.runtime.PieceSize;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.SocketStream;
import dev.jkubelet.runtime.TerminalSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A process' streams on a hijacked connection. */
final class HijackedStreams implements ProcessStreams {
  /** What differs between a process of exec and one that was attached to. */
  interface Subject {
    CompletionStage<Void> resize(TerminalSize size);

    CompletionStage<OptionalInt> exitCode();

    /**
     * The streams are to be closed while the process may still run.
     *
     * @param close does so, once
     */
    void abandoned(Runnable close);
  }

  private final SocketStream socket;
  private final ByteString early;
  private final boolean terminal;
  private final Subject subject;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean ended;

  HijackedStreams(Hijack connection, PieceSize pieces, boolean terminal, Subject subject)
      throws IOException {
    this.socket = new SocketStream(connection.channel(), pieces);
    this.early = connection.early();
    this.terminal = terminal;
    this.subject = subject;
  }

  @Override
  public Source<Output, NotUsed> output() {
    return Source.unfoldAsync(early, this::piece)
        // The next is read while the piece before is on its way.
        .detach()
        .statefulMapConcat(() -> terminal ? HijackedStreams::terminalOutput : demultiplexer());
  }

  /** The early bytes first; empty at the end. The state of the fold is what is not told yet. */
  private CompletionStage<Optional<Pair<ByteString, ByteString>>> piece(ByteString untold) {
    if (!untold.isEmpty()) {
      return CompletableFuture.completedStage(
          Optional.of(Pair.create(ByteString.emptyByteString(), untold)));
    }
    return socket
        .read()
        .thenApply(
            bytes -> {
              ended = bytes.isEmpty();
              return bytes.isEmpty()
                  ? Optional.empty()
                  : Optional.of(Pair.create(ByteString.emptyByteString(), bytes));
            });
  }

  private static Iterable<Output> terminalOutput(ByteString bytes) {
    return List.of(new Output(Output.Stream.STDOUT, bytes));
  }

  private static Function<ByteString, Iterable<Output>> demultiplexer() {
    var stream = new RawStream();
    return stream::feed;
  }

  @Override
  public CompletionStage<Void> write(ByteString bytes) {
    return socket.write(bytes);
  }

  @Override
  public CompletionStage<Void> endInput() {
    return socket.endOutput();
  }

  @Override
  public CompletionStage<Void> resize(TerminalSize size) {
    return subject.resize(size);
  }

  @Override
  public CompletionStage<OptionalInt> exitCode() {
    return subject.exitCode();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      if (ended) {
        socket.close();
      } else {
        subject.abandoned(socket::close);
      }
    }
  }
}
