package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The commands of a {@link RehearsalEngine}: whoever may be told something repeats it, others say
 * much.
 */
final class RehearsalExec {
  static final String REPEATS = "repeats";
  static final String SAYS = "says";

  /** As the engine's own. */
  private static final int PIECE = 32 << 10;

  private static final int PIECES = 32;
  private static final int STDOUT = 1;
  private static final int HEAD = 8;

  private RehearsalExec() {}

  static String id(JsonNode asked) {
    return asked.path("AttachStdin").asBoolean() ? REPEATS : SAYS;
  }

  /** From the request that starts it to the end of its connection. */
  static void run(String id, InputStream in, OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    var piece = new byte[PIECE];
    if (id.equals(REPEATS)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        say(out, piece, read);
      }
    } else {
      for (int i = 0; i < PIECES; i++) {
        say(out, piece, PIECE);
      }
    }
  }

  private static void say(OutputStream out, byte[] bytes, int length) throws IOException {
    out.write(
        ByteBuffer.allocate(HEAD + length)
            .putInt(STDOUT << 24)
            .putInt(length)
            .put(bytes, 0, length)
            .array());
  }
}
