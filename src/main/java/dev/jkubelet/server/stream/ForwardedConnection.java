package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.server.stream.spdy.Frame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One forwarded connection: a data and an error stream of the client's, and the pod's side. At most
 * one piece is on its way to the client. Each side may end while the other goes on.
 */
final class ForwardedConnection {
  private static final Logger log = LoggerFactory.getLogger(ForwardedConnection.class);

  /** On the way into the pod; beyond, the client has to wait. */
  private static final long MAX_UNWRITTEN = 256 << 10;

  /** The session that the connection is part of; calls back on its own thread. */
  interface Session {
    /** Sends to the client, in order; {@code sent} runs when it is out. */
    void send(Frame frame, Runnable sent);

    <T> void when(CompletionStage<T> stage, BiConsumer<T, Throwable> then);
  }

  private final Session session;
  private final String requestId;
  private final int port;
  private final Deque<ByteString> unwritten = new ArrayDeque<>();
  private Optional<Integer> dataId = Optional.empty();
  private Optional<Integer> errorId = Optional.empty();
  private Optional<PodConnection> pod = Optional.empty();
  private long unwrittenBytes;
  private boolean writing;
  private boolean clientEnded;
  private boolean outputEnded;
  private boolean podEnded;
  private boolean over;

  ForwardedConnection(Session session, String requestId, int port) {
    this.session = session;
    this.requestId = requestId;
    this.port = port;
  }

  String requestId() {
    return requestId;
  }

  int port() {
    return port;
  }

  boolean isComplete() {
    return dataId.isPresent() && errorId.isPresent();
  }

  boolean isOver() {
    return over;
  }

  /** More is on its way to the pod than should be. */
  boolean isSlow() {
    return unwrittenBytes > MAX_UNWRITTEN;
  }

  List<Integer> streamIds() {
    return Stream.of(dataId, errorId).flatMap(Optional::stream).toList();
  }

  /** Takes a stream of the client's; false when there is one of its kind already. */
  boolean add(int id, boolean isError) {
    if ((isError ? errorId : dataId).isPresent()) {
      say(
          "error processing stream for request %s: %s stream already assigned"
              .formatted(requestId, isError ? "error" : "data"));
      return false;
    }
    if (isError) {
      errorId = Optional.of(id);
    } else {
      dataId = Optional.of(id);
    }
    return true;
  }

  void connected(PodConnection connection) {
    if (over) {
      connection.close();
      return;
    }
    pod = Optional.of(connection);
    read();
    write();
  }

  void refused(String sandboxId, Throwable failure) {
    if (!over) {
      var cause = failure instanceof CompletionException ? failure.getCause() : failure;
      var text =
          "error forwarding port %d to pod %s, uid : %s"
              .formatted(port, sandboxId, cause.getMessage());
      log.info("{}", text);
      say(text);
      finish();
    }
  }

  /** What came on the stream of that id; of the error stream's nothing is expected. */
  void fromClient(int id, ByteString bytes, boolean ended) {
    if (dataId.equals(Optional.of(id))) {
      if (!bytes.isEmpty()) {
        unwritten.add(bytes);
        unwrittenBytes += bytes.size();
      }
      clientEnded |= ended;
      write();
    }
  }

  private void read() {
    if (!over && !podEnded) {
      session.when(
          pod.orElseThrow().read(),
          (bytes, failure) -> {
            if (failure == null) {
              fromPod(bytes);
            } else {
              broken(failure);
            }
          });
    }
  }

  private void fromPod(ByteString bytes) {
    if (over) {
      return;
    }
    if (!bytes.isEmpty()) {
      session.send(new Frame.Data(dataId.orElseThrow(), bytes, false), this::read);
      return;
    }
    podEnded = true;
    // kubectl closes its local connection only after the error stream has ended, too.
    streamIds().forEach(this::end);
    finishIfOver();
  }

  private void write() {
    if (over || writing || pod.isEmpty()) {
      return;
    }
    if (!unwritten.isEmpty()) {
      var bytes = unwritten.remove();
      unwrittenBytes -= bytes.size();
      written(pod.get().write(bytes));
    } else if (clientEnded && !outputEnded) {
      outputEnded = true;
      written(pod.get().endOutput());
    }
  }

  private void written(CompletionStage<Void> write) {
    writing = true;
    session.when(
        write,
        (_, failure) -> {
          writing = false;
          if (failure == null) {
            write();
            finishIfOver();
          } else {
            broken(failure);
          }
        });
  }

  private void finishIfOver() {
    if (podEnded && outputEnded && !writing) {
      finish();
    }
  }

  private void broken(Throwable failure) {
    if (!over) {
      log.debug("A connection to port {} broke: {}", port, failure.toString());
      finish();
    }
  }

  void say(String text) {
    errorId.ifPresent(
        id -> session.send(new Frame.Data(id, ByteString.fromString(text), false), () -> {}));
  }

  private void end(int id) {
    session.send(new Frame.Data(id, ByteString.emptyByteString(), true), () -> {});
  }

  /** Both streams end; what the client still sends on them is not wanted. */
  void finish() {
    if (over) {
      return;
    }
    over = true;
    pod.ifPresent(PodConnection::close);
    unwritten.clear();
    unwrittenBytes = 0;
    if (!podEnded) {
      streamIds().forEach(this::end);
    }
  }
}
