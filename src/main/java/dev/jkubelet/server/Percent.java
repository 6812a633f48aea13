package dev.jkubelet.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Percent-encoding of paths, with the characters that Go's {@code net/url} leaves alone. */
final class Percent {
  private static final String PLAIN_IN_PATH = "-_.~$&+,/:;=@";

  private Percent() {}

  /** The bytes behind {@code text}; empty when an escape is broken. */
  static Optional<byte[]> decode(String text) {
    var out = new ByteArrayOutputStream(text.length());
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        out.write(bytes[i]);
        continue;
      }
      if (i + 2 >= bytes.length
          || !HexFormat.isHexDigit(bytes[i + 1])
          || !HexFormat.isHexDigit(bytes[i + 2])) {
        return Optional.empty();
      }
      out.write((HexFormat.fromHexDigit(bytes[i + 1]) << 4) | HexFormat.fromHexDigit(bytes[i + 2]));
      i += 2;
    }
    return Optional.of(out.toByteArray());
  }

  static String encodePath(String path) {
    var out = new StringBuilder(path.length() + 8);
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || (b > 0 && PLAIN_IN_PATH.indexOf(b) >= 0);
  }
}
