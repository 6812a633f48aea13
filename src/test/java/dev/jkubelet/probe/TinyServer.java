package dev.jkubelet.probe;

import dev.jkubelet.server.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Says what it is told to by path, to the byte, and keeps what it was asked. */
public final class TinyServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Listens on a port of the loopback. */
  public TinyServer() throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  /** Listens there. */
  public TinyServer(ServerSocket socket) {
    this.socket = socket;
    Thread.ofVirtual().start(this::serve);
  }

  /** Listens there over TLS, with a certificate that nobody has vouched for. */
  public static TinyServer secure() throws Exception {
    return new TinyServer(
        TestCertificates.serverContext(TestCertificates.authority("CN=nobody"))
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** The whole answer, head and body; a path without one gets silence. */
  public TinyServer says(String path, String answer) {
    answers.put(path, answer);
    return this;
  }

  /** An answer of that status, and no more. */
  public TinyServer says(String path, int status) {
    return says(path, "HTTP/1.1 " + status + " So\r\nContent-Length: 0\r\n\r\n");
  }

  /** The heads of what was asked, oldest first. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        Thread.ofVirtual().start(() -> answer(client));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void answer(Socket client) {
    try {
      var head = head(client.getInputStream());
      requests.add(head);
      var answer = answers.get(head.split(" ", 3)[1]);
      if (answer != null) {
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        client.close();
      }
    } catch (IOException _) {
      // The client left.
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("end");
      }
      head.append((char) octet);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
