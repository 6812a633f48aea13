package dev.jkubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;

/** An HTTP client that sends what it is told, byte for byte, and shows what came back. */
final class RawHttp {
  private static final int PATIENCE_MILLIS = 10_000;

  private RawHttp() {}

  /**
   * An answer.
   *
   * @param headers by lower-case name
   * @param body unchunked
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  static Socket plain(InetSocketAddress at) throws IOException {
    var socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(at, PATIENCE_MILLIS);
    return socket;
  }

  static Socket tls(InetSocketAddress at, KeyManager... keys) throws Exception {
    var plain = plain(at);
    var socket =
        TestCertificates.clientContext(keys)
            .getSocketFactory()
            .createSocket(plain, at.getHostString(), at.getPort(), true);
    return socket;
  }

  /** Sends a request line and headers, asks to close, and reads to the end. */
  static Answer exchange(Socket socket, String requestLine, List<String> headers)
      throws IOException {
    try (socket) {
      var head =
          requestLine
              + "\r\nHost: node\r\nConnection: close\r\n"
              + headers.stream().map(header -> header + "\r\n").collect(Collectors.joining())
              + "\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return parse(socket.getInputStream().readAllBytes());
    }
  }

  static Answer get(Socket socket, String path, String... headers) throws IOException {
    return exchange(socket, "GET " + path + " HTTP/1.1", Arrays.asList(headers));
  }

  private static Answer parse(byte[] all) {
    var text = new String(all, StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\r\n\r\n");
    var lines = text.substring(0, end).split("\r\n", -1);
    var headers = new TreeMap<String, String>();
    for (var line : List.of(lines).subList(1, lines.length)) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var body = Arrays.copyOfRange(all, end + 4, all.length);
    var chunked = "chunked".equals(headers.get("transfer-encoding")) && body.length > 0;
    return new Answer(
        Integer.parseInt(lines[0].split(" ", -1)[1]), headers, chunked ? unchunked(body) : body);
  }

  private static byte[] unchunked(byte[] body) {
    var out = new ByteArrayOutputStream();
    var text = new String(body, StandardCharsets.ISO_8859_1);
    int at = 0;
    while (true) {
      var line = text.indexOf("\r\n", at);
      var size = Integer.parseInt(text.substring(at, line), 16);
      if (size == 0) {
        return out.toByteArray();
      }
      out.write(body, line + 2, size);
      at = line + 2 + size + 2;
    }
  }
}
