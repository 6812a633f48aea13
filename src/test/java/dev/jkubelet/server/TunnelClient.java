package dev.jkubelet.server;

import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.FrameReader;
import dev.jkubelet.server.stream.spdy.FrameWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;

/**
 * SPDY in the messages of a WebSocket, as kubectl forwards ports since 1.31. By hand, since its
 * subprotocol's name has a slash, which the JDK's client takes for an error.
 */
final class TunnelClient implements AutoCloseable {
  private static final int BINARY = 0x82;
  private static final int MASKED = 0x80;
  private static final int LENGTH_FOLLOWS = 126;

  private final FrameWriter writer = new FrameWriter();
  private final FrameReader reader = new FrameReader();
  private final Socket socket;
  private final DataInputStream in;
  private final String head;

  TunnelClient(Socket socket, String path) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    var request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: node\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
            + "Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    var answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readUnsignedByte());
    }
    head = answer.toString();
  }

  String head() {
    return head;
  }

  /** Small frames only; the mask of zeros changes nothing. */
  void send(Frame frame) throws IOException {
    var bytes = writer.write(frame).toArray();
    var message =
        ByteBuffer.allocate(6 + bytes.length)
            .put((byte) BINARY)
            .put((byte) (MASKED | bytes.length))
            .putInt(0)
            .put(bytes);
    socket.getOutputStream().write(message.array());
  }

  /** What comes on the stream until its end. */
  String text(int id) throws IOException {
    var text = new ByteArrayOutputStream();
    while (true) {
      if (next() instanceof Frame.Data(var stream, var bytes, var last) && stream == id) {
        text.writeBytes(bytes.toArray());
        if (last) {
          return text.toString(StandardCharsets.UTF_8);
        }
      }
    }
  }

  private Frame next() throws IOException {
    for (var frame = reader.next(); ; frame = reader.next()) {
      if (frame.isPresent()) {
        return frame.get();
      }
      reader.feed(message());
    }
  }

  private ByteString message() throws IOException {
    in.readUnsignedByte();
    int length = in.readUnsignedByte();
    var bytes = new byte[length == LENGTH_FOLLOWS ? in.readUnsignedShort() : length];
    in.readFully(bytes);
    return ByteString.fromArrayUnsafe(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    reader.close();
  }
}
