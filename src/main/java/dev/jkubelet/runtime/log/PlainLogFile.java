package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/** A log file as the engine writes it. */
final class PlainLogFile implements LogFile {
  /** Enough for the end of an entry with its time, in nanoseconds: no other entry ends like it. */
  private static final int MARK = 64;

  private final FileChannel channel;
  private final Object key;
  private final Instant lastModified;
  private byte[] mark = {};
  private long position;

  private PlainLogFile(OpenChannel opened) {
    this.channel = opened.channel();
    this.key = opened.attributes().fileKey();
    this.lastModified = opened.attributes().lastModifiedTime().toInstant();
  }

  static PlainLogFile open(Path path) throws IOException {
    return new PlainLogFile(OpenChannel.at(path));
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = channel.read(ByteBuffer.wrap(into, offset, length), position);
    if (position > 0 && (markIsGone() || channel.size() < position)) {
      position = 0;
      mark = new byte[0];
      return CUT;
    }
    if (count <= 0) {
      return END;
    }
    remember(into, offset, count);
    position += count;
    return count;
  }

  /**
   * Whether the bytes before {@link #position} are others than those read there: a file that was
   * cut may have grown beyond the position since, so that its size tells nothing.
   */
  private boolean markIsGone() throws IOException {
    var now = new byte[mark.length];
    int count = channel.read(ByteBuffer.wrap(now), position - mark.length);
    return (count != mark.length && mark.length > 0) || !Arrays.equals(now, mark);
  }

  private void remember(byte[] from, int offset, int count) {
    int kept = Math.min(mark.length, Math.max(0, MARK - count));
    int taken = Math.min(count, MARK);
    var next = Arrays.copyOfRange(mark, mark.length - kept, mark.length + taken);
    System.arraycopy(from, offset + count - taken, next, kept, taken);
    mark = next;
  }

  /** What it ends with, read or not. */
  byte[] lastBytes() throws IOException {
    var last = new byte[(int) Math.min(MARK, channel.size())];
    int count = channel.read(ByteBuffer.wrap(last), channel.size() - last.length);
    return count == last.length ? last : new byte[0];
  }

  @Override
  public boolean isDrained() throws IOException {
    return channel.size() <= position;
  }

  @Override
  public long available() throws IOException {
    return Math.max(0, channel.size() - position);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public Object key() {
    return key;
  }

  @Override
  public boolean holdsWhat(PlainLogFile held) {
    return key.equals(held.key);
  }

  @Override
  public Instant lastModified() {
    return lastModified;
  }

  @Override
  public boolean seekTail(TailCount tail) throws IOException {
    var start = new BackwardScan(channel).start(tail);
    position = Math.max(start, 0);
    return start >= 0;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
