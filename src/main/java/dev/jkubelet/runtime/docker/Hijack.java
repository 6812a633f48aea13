package dev.jkubelet.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;

/**
 * A connection to the engine that stops speaking HTTP: what exec and attach are made of. Of
 * docker-java's own neither tells the end of stdin to the engine while output goes on, nor keeps
 * the connection's back-pressure, so this one is made by hand.
 *
 * @param early bytes that came right after the answer's head
 */
record Hijack(SocketChannel channel, ByteString early) {
  private static final int MAX_HEAD = 16 << 10;
  private static final int MAX_REFUSAL = 64 << 10;
  private static final Pattern LENGTH = Pattern.compile("(?m)^content-length: *(\\d{1,6})\\r?$");

  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  /** Posts {@code json} and takes the connection over; blocks. */
  static Hijack post(URI endpoint, String path, byte[] json, EngineErrors errors)
      throws IOException {
    var channel = SocketChannel.open(address(endpoint));
    try {
      send(channel, path, json);
      return answered(channel, errors);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private static SocketAddress address(URI endpoint) {
    return "unix".equals(endpoint.getScheme())
        ? UnixDomainSocketAddress.of(endpoint.getPath())
        : new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
  }

  private static void send(SocketChannel channel, String path, byte[] json) throws IOException {
    var head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + json.length
            + "\r\n\r\n";
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(json);
    var bytes = ByteBuffer.wrap(request.toByteArray());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static Hijack answered(SocketChannel channel, EngineErrors errors) throws IOException {
    var buffer = ByteBuffer.allocate(MAX_HEAD);
    int end;
    do {
      if (!buffer.hasRemaining() || channel.read(buffer) < 0) {
        throw new IOException("the engine's answer has no end of its head");
      }
      end = endOfHead(buffer.array(), buffer.position());
    } while (end < 0);
    var head = new String(buffer.array(), 0, end, StandardCharsets.US_ASCII);
    buffer.flip().position(end);
    int status = status(head);
    if (status != 101) {
      throw errors.ofStatus(status, rest(channel, head, buffer), null);
    }
    var early = new byte[buffer.remaining()];
    buffer.get(early);
    return new Hijack(channel, ByteString.fromArrayUnsafe(early));
  }

  /** Behind the empty line, negative when it is not there yet. */
  private static int endOfHead(byte[] bytes, int length) {
    for (int i = END.length; i <= length; i++) {
      if (Arrays.equals(bytes, i - END.length, i, END, 0, END.length)) {
        return i;
      }
    }
    return -1;
  }

  private static int status(String head) throws IOException {
    var parts = head.split("[ \r]", 3);
    if (parts.length == 3 && parts[0].startsWith("HTTP/1.") && parts[1].matches("\\d{3}")) {
      return Integer.parseInt(parts[1]);
    }
    throw new IOException("the engine's answer is not HTTP");
  }

  /** A refusal's text: the engine gives its length, or ends the connection. */
  private static String rest(SocketChannel channel, String head, ByteBuffer begun)
      throws IOException {
    var matched = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
    int length =
        matched.find() ? Math.min(Integer.parseInt(matched.group(1)), MAX_REFUSAL) : MAX_REFUSAL;
    var body = ByteBuffer.allocate(Math.max(length, begun.remaining())).put(begun);
    int read = 0;
    while (read >= 0 && body.position() < length) {
      read = channel.read(body);
    }
    return new String(body.array(), 0, body.position(), StandardCharsets.UTF_8);
  }
}
