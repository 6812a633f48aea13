package dev.jkubelet.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An answer of HTTP/1, as much of it as a probe reads.
 *
 * @param headers by lower-case name, the last of a name
 * @param body at most {@link #MAX_BODY} bytes of it
 */
record HttpAnswer(int status, Map<String, String> headers, String body) {
  /** As the kubelet's maxRespBodyLength. */
  static final int MAX_BODY = 10 << 10;

  private static final int MAX_HEAD = 1 << 20;

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).filter(value -> !value.isEmpty());
  }

  /** Reads the first answer that is not merely informational. */
  static HttpAnswer read(InputStream in) throws IOException {
    var status = status(line(in));
    var headers = headers(in);
    while (status < 200 && status != 101) {
      status = status(line(in));
      headers = headers(in);
    }
    return new HttpAnswer(
        status, headers, new String(body(in, status, headers), StandardCharsets.UTF_8));
  }

  private static int status(String line) throws IOException {
    if (line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
      return Integer.parseInt(line.substring(9, 12));
    }
    throw new IOException(
        "net/http: HTTP/1.x transport connection broken: malformed HTTP response \"" + line + '"');
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new TreeMap<String, String>();
    int bytes = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      bytes += line.length();
      if (bytes > MAX_HEAD) {
        throw new IOException("net/http: server response headers exceeded " + MAX_HEAD + " bytes");
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("EOF");
      }
      if (line.size() > MAX_HEAD) {
        throw new IOException("net/http: a line of the response is too long");
      }
      line.write(octet);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private static byte[] body(InputStream in, int status, Map<String, String> headers)
      throws IOException {
    if (status == 204 || status == 304 || status == 101) {
      return new byte[0];
    }
    if (headers
        .getOrDefault("transfer-encoding", "")
        .toLowerCase(Locale.ROOT)
        .contains("chunked")) {
      return chunks(in);
    }
    var length = headers.getOrDefault("content-length", "");
    boolean known = length.matches("\\d{1,18}");
    return in.readNBytes(known ? (int) Math.min(MAX_BODY, Long.parseLong(length)) : MAX_BODY);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
    while (body.size() < MAX_BODY) {
      var size = line(in).split(";", 2)[0].strip();
      if (!size.matches("[0-9a-fA-F]{1,15}")) {
        throw new IOException("invalid byte in chunk length");
      }
      long left = Long.parseLong(size, 16);
      if (left == 0) {
        break;
      }
      int wanted = (int) Math.min(left, MAX_BODY - body.size());
      var part = in.readNBytes(wanted);
      body.writeBytes(part);
      if (part.length < wanted) {
        throw new IOException("unexpected EOF");
      }
      if (wanted == left) {
        line(in);
      }
    }
    return body.toByteArray();
  }
}
