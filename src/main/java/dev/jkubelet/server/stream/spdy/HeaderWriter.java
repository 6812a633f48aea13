package dev.jkubelet.server.stream.spdy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;

/** Writes header blocks, all into one zlib stream. Holds native memory until closed. */
final class HeaderWriter implements AutoCloseable {
  private final Deflater deflater = new Deflater();

  HeaderWriter() {
    deflater.setDictionary(HeaderDictionary.bytes());
  }

  byte[] write(Map<String, String> headers) {
    var plain = new ByteArrayOutputStream();
    plain.writeBytes(number(headers.size()));
    headers.forEach(
        (name, value) -> {
          write(plain, name);
          write(plain, value);
        });
    deflater.setInput(plain.toByteArray());
    var packed = new ByteArrayOutputStream();
    var part = new byte[256];
    int length;
    do {
      length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
      packed.write(part, 0, length);
    } while (length == part.length);
    return packed.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(number(bytes.length));
    out.writeBytes(bytes);
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
