package dev.jkubelet.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A process inside the fake. {@code cat} writes what it reads, and {@code cats CODE} ends with
 * that; {@code is STATE} agrees; {@code says OUT ERR CODE} writes and ends; {@code floods BYTES}
 * writes that many zeros; any other command ends at once.
 */
final class FakeProcess implements ProcessStreams {
  private static final ByteString ZEROS = ByteString.fromArray(new byte[128 << 10]);

  private final Deque<Output> unread = new ArrayDeque<>();
  private final OptionalInt code;
  private boolean ended;
  private long flood;
  private volatile boolean closed;
  private CompletableFuture<Void> changed = new CompletableFuture<>();

  FakeProcess(List<String> command) {
    switch (command.getFirst()) {
      case "cat" -> code = OptionalInt.of(0);
      case "cats" -> code = OptionalInt.of(Integer.parseInt(command.get(1)));
      case "says" -> {
        say(Output.Stream.STDOUT, command.get(1));
        say(Output.Stream.STDERR, command.get(2));
        code = OptionalInt.of(Integer.parseInt(command.get(3)));
        ended = true;
      }
      case "is" -> {
        code = OptionalInt.of(0);
        ended = true;
      }
      case "floods" -> {
        flood = Long.parseLong(command.get(1));
        code = OptionalInt.of(0);
        ended = true;
      }
      default -> {
        code = OptionalInt.of(126);
        ended = true;
      }
    }
  }

  private FakeProcess(OptionalInt code) {
    this.code = code;
  }

  static FakeProcess attached() {
    return new FakeProcess(OptionalInt.empty());
  }

  private void say(Output.Stream stream, String text) {
    unread.add(new Output(stream, ByteString.fromString(text)));
  }

  @Override
  public Source<Output, NotUsed> output() {
    return Source.unfoldAsync(this, _ -> next());
  }

  private synchronized CompletionStage<Optional<Pair<FakeProcess, Output>>> next() {
    if (!unread.isEmpty()) {
      return CompletableFuture.completedStage(Optional.of(Pair.create(this, unread.poll())));
    }
    if (flood > 0) {
      var piece = ZEROS.take((int) Math.min(flood, ZEROS.size()));
      flood -= piece.size();
      var output = new Output(Output.Stream.STDOUT, piece);
      return CompletableFuture.completedStage(Optional.of(Pair.create(this, output)));
    }
    return ended
        ? CompletableFuture.completedStage(Optional.empty())
        : changed.thenCompose(_ -> next());
  }

  @Override
  public CompletionStage<Void> write(ByteString bytes) {
    change(() -> unread.add(new Output(Output.Stream.STDOUT, bytes)));
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> endInput() {
    change(() -> ended = true);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> resize(TerminalSize size) {
    return CompletableFuture.completedStage(null);
  }

  /** Nobody knows while it runs. */
  @Override
  public synchronized CompletionStage<OptionalInt> exitCode() {
    return CompletableFuture.completedStage(ended ? code : OptionalInt.empty());
  }

  @Override
  public void close() {
    closed = true;
    change(() -> ended = true);
  }

  boolean isClosed() {
    return closed;
  }

  private void change(Runnable change) {
    CompletableFuture<Void> before;
    synchronized (this) {
      change.run();
      before = changed;
      changed = new CompletableFuture<>();
    }
    before.complete(null);
  }
}
