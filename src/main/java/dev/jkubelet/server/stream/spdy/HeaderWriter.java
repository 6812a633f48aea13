package dev.jkubelet.server.stream.spdy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * Writes header blocks, all into one zlib stream: stored, as the few that a server has to send are
 * hardly worth the quarter of a megabyte that a connection's compressor holds.
 */
final class HeaderWriter {
  /** Deflate in a window of 32 KiB, and the checksum of SPDY's dictionary. */
  private static final byte[] BEGIN = HexFormat.of().parseHex("7820e3c6a7c2");

  /** A block of nothing, as a flush ends with: without it Go's reader waits for the next block. */
  private static final byte[] FLUSH = HexFormat.of().parseHex("000000ffff");

  private static final int MAX_STORED = 0xffff;

  private boolean begun;

  byte[] write(Map<String, String> headers) {
    var plain = new ByteArrayOutputStream();
    plain.writeBytes(number(headers.size()));
    headers.forEach(
        (name, value) -> {
          write(plain, name);
          write(plain, value);
        });
    return stored(plain.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(number(bytes.length));
    out.writeBytes(bytes);
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  /** Blocks that are not the last: a byte of type, the length and its complement, and the bytes. */
  private byte[] stored(byte[] plain) {
    var stored = new ByteArrayOutputStream();
    if (!begun) {
      begun = true;
      stored.writeBytes(BEGIN);
    }
    for (int from = 0; from < plain.length; from += MAX_STORED) {
      int length = Math.min(MAX_STORED, plain.length - from);
      stored.writeBytes(
          ByteBuffer.allocate(5)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put((byte) 0)
              .putShort((short) length)
              .putShort((short) ~length)
              .array());
      stored.write(plain, from, length);
    }
    stored.writeBytes(FLUSH);
    return stored.toByteArray();
  }
}
