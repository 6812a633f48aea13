package dev.jkubelet.runtime.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.zip.GZIPOutputStream;

/** Writes and rotates a log in the steps of Docker's json-file driver (20.10). */
final class JsonFileDriver implements Closeable {
  /** Docker cuts longer lines into several entries. */
  static final int PIECE = 16 * 1024;

  static final Instant START = Instant.parse("2026-11-23T12:45:25.000000001Z");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final long maxSize;
  private final int maxFile;
  private final boolean compress;
  private FileChannel channel;
  private Instant now = START;

  JsonFileDriver(Path file, long maxSize, int maxFile, boolean compress) throws IOException {
    this.file = file;
    this.maxSize = maxSize;
    this.maxFile = maxFile;
    this.compress = compress;
    this.channel = openNew();
  }

  /** A log that never rotates by itself. */
  static JsonFileDriver unbounded(Path file) throws IOException {
    return new JsonFileDriver(file, Long.MAX_VALUE, 5, false);
  }

  /** The time of the next entry; each one is a microsecond and a bit later. */
  Instant now() {
    return now;
  }

  /** What a container writes: a line with its newline, or a last one without. */
  void write(String line) throws IOException {
    for (int from = 0; from < line.length(); from += PIECE) {
      writeRaw(entry(line.substring(from, Math.min(line.length(), from + PIECE)), now) + "\n");
      now = now.plusNanos(1010);
    }
  }

  void writeRaw(String bytes) throws IOException {
    if (channel.size() >= maxSize) {
      rotate();
    }
    channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
  }

  static String entry(String log, Instant time) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("log", log);
    fields.put("stream", "stdout");
    fields.put("time", time.toString());
    try {
      return JSON.writeValueAsString(fields)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026");
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  void rotate() throws IOException {
    channel.close();
    if (maxFile > 1) {
      var extension = compress ? ".gz" : "";
      Files.deleteIfExists(rotated(maxFile - 1, extension));
      for (int i = maxFile - 1; i > 1; i--) {
        if (Files.exists(rotated(i - 1, extension))) {
          Files.move(rotated(i - 1, extension), rotated(i, extension));
        }
      }
      Files.move(file, rotated(1, ""), StandardCopyOption.REPLACE_EXISTING);
    }
    channel = openNew();
    if (compress && maxFile > 1) {
      compress(rotated(1, ""));
    }
  }

  private void compress(Path plain) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(rotated(1, ".gz")))) {
      Files.copy(plain, out);
    }
    Files.delete(plain);
  }

  private Path rotated(int number, String extension) {
    return file.resolveSibling(file.getFileName() + "." + number + extension);
  }

  private FileChannel openNew() throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
