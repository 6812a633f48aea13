package dev.jkubelet.server.stream;

import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.FrameReader;
import dev.jkubelet.server.stream.spdy.FrameWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.util.ByteString;

/**
 * Runs commands in a container through the kubelet's port, as the API server does for kubectl:
 * {@code bin/start} lets it once per build, so that the class cache knows what a command takes.
 */
final class RehearsalClient {
  private static final int COMMANDS = 40;
  private static final int KEYS = 20;
  private static final int PATIENCE_MILLIS = 10_000;

  private final SocketFactory sockets;
  private final int port;
  private final String container;

  private RehearsalClient(SocketFactory sockets, int port, String container) {
    this.sockets = sockets;
    this.port = port;
    this.container = container;
  }

  /**
   * Runs some commands, one after the other.
   *
   * @param args the port on the loopback, the file with its certificate, and which container:
   *     {@code namespace/pod/name}
   */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    var client =
        new RehearsalClient(
            trusting(Path.of(args[1])).getSocketFactory(), Integer.parseInt(args[0]), args[2]);
    for (int i = 0; i < COMMANDS; i++) {
      client.listen();
      client.type();
    }
  }

  private static SSLContext trusting(Path certificate)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var file = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "kubelet", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** To all that a command says. */
  private void listen() throws IOException {
    try (var session = new Session("error", "stdout")) {
      session.readToTheEnd();
    }
  }

  /** Keys, each of which is repeated, and the end of them. */
  private void type() throws IOException {
    try (var session = new Session("error", "stdin", "stdout")) {
      for (int i = 0; i < KEYS; i++) {
        session.send("x", false);
        session.read();
      }
      session.send("", true);
      session.readToTheEnd();
    }
  }

  /** One command, by SPDY. */
  private final class Session implements AutoCloseable {
    private static final int STDIN = 3;

    private final Socket socket;
    private final FrameWriter writer = new FrameWriter();
    private final FrameReader reader = new FrameReader();
    private boolean over;

    Session(String... streams) throws IOException {
      socket = sockets.createSocket("127.0.0.1", port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      var flags = streams.length > 2 ? "input=1&output=1" : "output=1";
      write(
          ByteString.fromString(
              "POST /exec/"
                  + container
                  + "?command=x&"
                  + flags
                  + " HTTP/1.1\r\nHost: node\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                  + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\nContent-Length: 0\r\n\r\n"));
      skipHead(socket.getInputStream());
      for (int i = 0; i < streams.length; i++) {
        write(
            writer.write(new Frame.SynStream(2 * i + 1, Map.of("streamtype", streams[i]), false)));
      }
    }

    private static void skipHead(InputStream in) throws IOException {
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException("no answer's head, but: " + head);
        }
        head.append((char) next);
      }
    }

    private void write(ByteString bytes) throws IOException {
      socket.getOutputStream().write(bytes.toArray());
    }

    void send(String text, boolean last) throws IOException {
      write(writer.write(new Frame.Data(STDIN, ByteString.fromString(text), last)));
    }

    /** Whatever comes next. */
    void read() throws IOException {
      var bytes = new byte[64 << 10];
      int read = socket.getInputStream().read(bytes);
      if (read < 0) {
        over = true;
        return;
      }
      reader.feed(ByteString.fromArrayUnsafe(bytes).take(read));
      for (var frame = reader.next(); frame.isPresent(); frame = reader.next()) {
        over |= frame.get() instanceof Frame.GoAway;
      }
    }

    void readToTheEnd() throws IOException {
      while (!over) {
        read();
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
      socket.close();
    }
  }
}
