package dev.jkubelet.runtime.log;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rotated log file that the engine has compressed (log-opt {@code compress}). */
final class GzipLogFile implements LogFile {
  private static final Logger LOG = LoggerFactory.getLogger(GzipLogFile.class);
  private static final int BLOCK = 64 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final Object key;
  private final Instant lastModified;
  private InputStream in;
  private long position;

  private GzipLogFile(Path path, OpenChannel opened) throws IOException {
    this.path = path;
    this.channel = opened.channel();
    this.key = opened.attributes().fileKey();
    this.lastModified = opened.attributes().lastModifiedTime().toInstant();
    this.in = new GZIPInputStream(Channels.newInputStream(channel), BLOCK);
  }

  static GzipLogFile open(Path path) throws IOException {
    var opened = OpenChannel.at(path);
    try {
      return new GzipLogFile(path, opened);
    } catch (IOException notGzip) {
      opened.channel().close();
      throw notGzip;
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int count = in.read(into, offset, length);
      if (count <= 0) {
        return END;
      }
      position += count;
      return count;
    } catch (EOFException | ZipException damaged) {
      LOG.warn("{}: damaged after {} bytes of log, going on without the rest", path, position);
      return END;
    }
  }

  private void rewind() throws IOException {
    channel.position(0);
    in = new GZIPInputStream(Channels.newInputStream(channel), BLOCK);
    position = 0;
  }

  @Override
  public long available() {
    return BLOCK;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean isDrained() {
    return true;
  }

  @Override
  public Object key() {
    return key;
  }

  /** Compressing makes a new file: only what it ends with tells that it is the same log. */
  @Override
  public boolean holdsWhat(PlainLogFile held) throws IOException {
    var mark = held.lastBytes();
    var last = new byte[0];
    var block = new byte[BLOCK];
    for (int count = read(block, 0, BLOCK); count > 0; count = read(block, 0, BLOCK)) {
      var both = Arrays.copyOf(last, last.length + count);
      System.arraycopy(block, 0, both, last.length, count);
      last = Arrays.copyOfRange(both, Math.max(0, both.length - mark.length), both.length);
    }
    rewind();
    return mark.length > 0 && Arrays.equals(last, mark);
  }

  @Override
  public Instant lastModified() {
    return lastModified;
  }

  /** Reads all of it to count its lines, then again up to where the tail starts. */
  @Override
  public boolean seekTail(TailCount tail) throws IOException {
    var entries = new EntryWindow();
    long ends = 0;
    var endsLine = true;
    var any = false;
    while (entries.next(this)) {
      var kind = entries.kind(tail);
      if (kind != TailCount.Kind.NOTHING) {
        any = true;
        endsLine = kind == TailCount.Kind.LINE_END;
        ends += endsLine ? 1 : 0;
      }
    }
    rewind();
    long before = any ? tail.take(ends, endsLine) : 0;
    if (before > 0) {
      skipLines(before, tail);
    }
    return before > 0;
  }

  private void skipLines(long count, TailCount tail) throws IOException {
    var entries = new EntryWindow();
    long left = count;
    while (left > 0 && entries.next(this)) {
      left -= entries.kind(tail) == TailCount.Kind.LINE_END ? 1 : 0;
    }
    long start = position - entries.buffered();
    rewind();
    in.skipNBytes(start);
    position = start;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
