package dev.jkubelet.runtime.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An engine that misbehaves: it reads requests from a unix socket and answers as a test says. */
final class FakeEngine implements AutoCloseable {
  /**
   * @param text what is sent, as it is; empty for silence
   * @param close whether the connection ends after it
   */
  record Answer(String text, boolean close) {
    static Answer silence() {
      return new Answer("", false);
    }

    static Answer of(String status, String body) {
      return new Answer(
          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(status, body.length(), body),
          false);
    }

    Answer andClose() {
      return new Answer(text, true);
    }
  }

  /** The request lines of all connections, in order; {@code closed} when one ends. */
  final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  /** A full one would hold up the threads of those who connect, and of this engine. */
  private static final int BACKLOG = 200;

  private final AtomicInteger open = new AtomicInteger();
  private final Path socket;
  private final Function<String, Answer> answers;
  private final ServerSocketChannel server;

  FakeEngine(Path socket, Function<String, Answer> answers) throws IOException {
    this.socket = socket;
    this.answers = answers;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
    Thread.ofVirtual().start(this::accept);
  }

  String endpoint() {
    return "unix://" + socket;
  }

  /** Connections that have not ended. */
  int open() {
    return open.get();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        var connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void serve(SocketChannel connection) {
    open.incrementAndGet();
    try (connection) {
      var lines =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.endsWith("HTTP/1.1")) {
          continue; // a header, or a body
        }
        seen.add(line);
        var answer = answers.apply(line);
        connection.write(ByteBuffer.wrap(answer.text().getBytes(StandardCharsets.UTF_8)));
        if (answer.close()) {
          break;
        }
      }
    } catch (IOException _) {
      // the client went away
    } finally {
      open.decrementAndGet();
      seen.add("closed");
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
