package dev.jkubelet.runtime;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jkubelet.libc.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The kernel's log, {@code /dev/kmsg}, from the oldest record that the kernel still has. Java's own
 * files can only wait for the next one. Not safe for several threads.
 */
final class KernelLog {
  private static final Path PATH = Path.of("/dev/kmsg");

  /** The kernel's own limit of a record, CONSOLE_EXT_LOG_MAX. */
  private static final int LONGEST = 8192;

  private final MemorySegment record = Arena.ofAuto().allocate(LONGEST);
  private final int descriptor;

  /**
   * @throws IOException when this process may not read it
   */
  KernelLog() throws IOException {
    descriptor = Libc.checked("open " + PATH, Libc.open(PATH, Libc.O_NONBLOCK));
  }

  /** The next record; empty when there is none yet. */
  Optional<String> next() {
    long got;
    do { // those that were overwritten before they were read are left out
      got = Libc.read(descriptor, record);
    } while (got == -Libc.EPIPE);
    return got <= 0
        ? Optional.empty()
        : Optional.of(new String(record.asSlice(0, got).toArray(JAVA_BYTE), UTF_8));
  }
}
