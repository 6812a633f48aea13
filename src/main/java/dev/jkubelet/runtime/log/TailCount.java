package dev.jkubelet.runtime.log;

/**
 * Counts lines from a log's end. A line is what the container wrote up to a newline, so several
 * entries when it is longer than 16 KiB; a last one without newline is a line too. Entries are
 * offered from the last to the first.
 */
final class TailCount {
  private final DockerEntry entry = new DockerEntry();
  private final OutputBuffer scratch = new OutputBuffer(0);
  private final long wanted;
  private long found;
  private boolean begun;

  TailCount(long wanted) {
    this.wanted = wanted;
  }

  boolean isEmpty() {
    return wanted == 0;
  }

  /** Whether the entry in [from, to) is the last one before the lines wanted. */
  boolean endsBefore(byte[] in, int from, int to) {
    return switch (kind(in, from, to)) {
      case NOTHING -> false;
      case PIECE -> {
        begin(false);
        yield false;
      }
      case LINE_END -> {
        begin(true);
        yield found++ == wanted;
      }
    };
  }

  /**
   * Takes a whole file's entries at once, for files that can't be read backwards.
   *
   * @param ends how many of its entries end a line
   * @param endsLine whether the last one does
   * @return how many of the line ends, from the file's start, come before the lines wanted; 0 when
   *     all of it is wanted
   */
  long take(long ends, boolean endsLine) {
    begin(endsLine);
    long before = Math.max(0, ends - (wanted - found));
    found += ends - before;
    return before;
  }

  private void begin(boolean endsLine) {
    if (!begun && !endsLine) {
      found = 1;
    }
    begun = true;
  }

  Kind kind(byte[] in, int from, int to) {
    scratch.truncate(0);
    scratch.ensure(to - from);
    if (!entry.decode(in, from, to, scratch) || scratch.isEmpty()) {
      return Kind.NOTHING;
    }
    return scratch.endsLine() ? Kind.LINE_END : Kind.PIECE;
  }

  /** What an entry means to lines. */
  enum Kind {
    /** Malformed, or nothing was logged. */
    NOTHING,
    /** The line goes on in the next entry. */
    PIECE,
    LINE_END
  }
}
