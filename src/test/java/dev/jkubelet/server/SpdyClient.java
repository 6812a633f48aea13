package dev.jkubelet.server;

import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.FrameReader;
import dev.jkubelet.server.stream.spdy.FrameWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/** A client as kubectl's: one thread, frames by hand, no windows. */
public final class SpdyClient implements AutoCloseable {
  private final Socket socket;
  private final FrameWriter writer = new FrameWriter();
  private final FrameReader reader = new FrameReader();
  private final Map<Integer, ByteArrayOutputStream> received = new HashMap<>();
  private final Set<Integer> over = new HashSet<>();
  private final List<Frame> others = new ArrayList<>();
  private final String head;
  private int nextId = 1;
  private boolean ended;

  /** Upgrades; see {@link #status()} for whether the server did. */
  public SpdyClient(Socket socket, String path, String... protocols) throws IOException {
    this.socket = socket;
    var request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: node\r\n");
    request.append("Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
    for (var protocol : protocols) {
      request.append("X-Stream-Protocol-Version: ").append(protocol).append("\r\n");
    }
    write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    this.head = readHead();
  }

  private String readHead() throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  public int status() {
    return Integer.parseInt(head.split(" ", 3)[1]);
  }

  public String head() {
    return head;
  }

  /** Of a refusal. */
  public String body() throws IOException {
    var length = head.replaceFirst("(?is).*\r\ncontent-length: *(\\d+).*", "$1");
    var bytes = socket.getInputStream().readNBytes(Integer.parseInt(length));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  public int open(Map<String, String> headers) throws IOException {
    int id = nextId;
    nextId += 2;
    send(new Frame.SynStream(id, headers, false));
    received.put(id, new ByteArrayOutputStream());
    return id;
  }

  public int open(String type) throws IOException {
    return open(Map.of("streamtype", type));
  }

  public void send(Frame frame) throws IOException {
    write(writer.write(frame).toArray());
  }

  public void send(int id, String text) throws IOException {
    send(new Frame.Data(id, ByteString.fromString(text), false));
  }

  public void end(int id) throws IOException {
    send(new Frame.Data(id, ByteString.emptyByteString(), true));
  }

  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Reads on until the stream is over; all that came on it. */
  public byte[] all(int id) throws IOException {
    boolean more = true;
    while (more && !over.contains(id)) {
      more = readOn();
    }
    return received.get(id).toByteArray();
  }

  public String text(int id) throws IOException {
    return new String(all(id), StandardCharsets.UTF_8);
  }

  /** Reads on until so much came on the stream. */
  public String text(int id, int length) throws IOException {
    boolean more = true;
    while (more && received.get(id).size() < length && !over.contains(id)) {
      more = readOn();
    }
    return received.get(id).toString(StandardCharsets.UTF_8);
  }

  /** Reads on until that kind of frame came; data is none of them. */
  public <T extends Frame> Optional<T> next(Class<T> kind) throws IOException {
    do {
      for (var frame : others) {
        if (kind.isInstance(frame)) {
          others.remove(frame);
          return Optional.of(kind.cast(frame));
        }
      }
    } while (readOn());
    return Optional.empty();
  }

  /** False at the end of the connection. */
  private boolean readOn() throws IOException {
    if (ended) {
      return false;
    }
    var bytes = new byte[64 << 10];
    int read = socket.getInputStream().read(bytes);
    if (read < 0) {
      ended = true;
      return false;
    }
    reader.feed(ByteString.fromArrayUnsafe(bytes).take(read));
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      take(next.get());
    }
    return true;
  }

  private void take(Frame frame) {
    if (frame instanceof Frame.Data(var id, var bytes, var last)) {
      received.computeIfAbsent(id, _ -> new ByteArrayOutputStream()).writeBytes(bytes.toArray());
      if (last) {
        over.add(id);
      }
      return;
    }
    if (frame instanceof Frame.RstStream(var id, _)) {
      over.add(id);
    }
    others.add(frame);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    reader.close();
  }
}
