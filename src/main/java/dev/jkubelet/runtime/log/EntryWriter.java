package dev.jkubelet.runtime.log;

import java.util.Arrays;

/**
 * Entries in, the container's lines out: filtered, stamped and cut as the options ask. Docker
 * splits a line longer than 16 KiB into several entries, of which only the last ends with a
 * newline; they come out as one line, with one timestamp (as in kubelets since 1.23: the older ones
 * stamped every piece, in the middle of the line).
 */
final class EntryWriter {
  private final DockerEntry entry = new DockerEntry();
  private final boolean timestamps;
  private final byte[] since;
  private final byte[] stamp = new byte[EntryTime.LENGTH + 1];
  private long remaining;
  private boolean atLineStart = true;

  EntryWriter(LogOptions options) {
    this.timestamps = options.timestamps();
    this.since = options.since().map(EntryTime::of).orElse(new byte[0]);
    this.remaining = options.limitBytes().orElse(Long.MAX_VALUE);
    stamp[EntryTime.LENGTH] = ' ';
  }

  /** Appends the entry in [from, to); false, and the output as it was, when it is malformed. */
  boolean write(byte[] in, int from, int to, OutputBuffer out) {
    int start = out.length();
    out.ensure(stamp.length + to - from);
    var stamped = timestamps && atLineStart;
    if (stamped) {
      out.skip(stamp.length);
    }
    int logStart = out.length();
    var wellFormed = entry.decode(in, from, to, out) && (!needsTime() || readTime(in));
    if (!wellFormed || isTooOld() || out.length() == logStart) {
      out.truncate(start);
      return wellFormed;
    }
    if (stamped) {
      out.fill(start, stamp);
    }
    atLineStart = out.endsLine();
    remaining -= out.length() - start;
    if (remaining < 0) {
      out.truncate((int) (out.length() + remaining));
    }
    return true;
  }

  /** True once all bytes of {@link LogOptions#limitBytes} are out. */
  boolean limitReached() {
    return remaining <= 0;
  }

  private boolean needsTime() {
    return timestamps || since.length > 0;
  }

  private boolean readTime(byte[] in) {
    return EntryTime.canonical(in, entry.timeFrom(), entry.timeTo(), stamp);
  }

  private boolean isTooOld() {
    return since.length > 0
        && Arrays.compareUnsigned(stamp, 0, EntryTime.LENGTH, since, 0, since.length) < 0;
  }
}
