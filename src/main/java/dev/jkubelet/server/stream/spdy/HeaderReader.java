package dev.jkubelet.server.stream.spdy;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads header blocks. All blocks of one direction are one zlib stream, so each has to be read, in
 * order. Holds native memory until closed.
 */
final class HeaderReader implements AutoCloseable {
  /** Of one block, unpacked: a block can't be a bomb. */
  private static final int MAX_BYTES = 64 << 10;

  private static final int SMALLEST_HEADER = 8;

  private final Inflater inflater = new Inflater();

  Map<String, String> read(byte[] block) throws MalformedFrame {
    return parse(ByteBuffer.wrap(inflate(block)));
  }

  private byte[] inflate(byte[] block) throws MalformedFrame {
    inflater.setInput(block);
    var unpacked = new ByteArrayOutputStream();
    var part = new byte[512];
    try {
      while (true) {
        int read = inflater.inflate(part);
        unpacked.write(part, 0, read);
        if (unpacked.size() >= MAX_BYTES) {
          throw new MalformedFrame("headers of more than " + MAX_BYTES + " bytes");
        }
        if (read == 0 && inflater.needsDictionary()) {
          inflater.setDictionary(HeaderDictionary.bytes());
        } else if (read == 0) {
          break;
        }
      }
    } catch (DataFormatException | IllegalArgumentException _) {
      throw new MalformedFrame("headers can't be inflated");
    }
    if (inflater.finished()) {
      throw new MalformedFrame("the headers' zlib stream ended");
    }
    return unpacked.toByteArray();
  }

  private static Map<String, String> parse(ByteBuffer block) throws MalformedFrame {
    try {
      int count = block.getInt();
      if (count < 0 || count > block.remaining() / SMALLEST_HEADER) {
        throw new MalformedFrame(count + " headers in " + block.remaining() + " bytes");
      }
      var headers = new LinkedHashMap<String, String>();
      for (int i = 0; i < count; i++) {
        var name = text(block);
        if (name.isEmpty() || !name.equals(name.toLowerCase(Locale.ROOT))) {
          throw new MalformedFrame("a header's name is empty or not in lower case");
        }
        if (headers.put(name, text(block)) != null) {
          throw new MalformedFrame("a header is there twice");
        }
      }
      return headers;
    } catch (BufferUnderflowException _) {
      throw new MalformedFrame("headers are cut off");
    }
  }

  private static String text(ByteBuffer block) throws MalformedFrame {
    int length = block.getInt();
    if (length < 0 || length > block.remaining()) {
      throw new MalformedFrame("headers are cut off");
    }
    var bytes = new byte[length];
    block.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
