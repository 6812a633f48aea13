package dev.jkubelet.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The kernel's log, {@code /dev/kmsg}, from the oldest record that the kernel still has. Java's own
 * files can only wait for the next one. Not safe for several threads.
 */
@SuppressWarnings("restricted") // native access is what this class is for; the launcher grants it
final class KernelLog {
  private static final String PATH = "/dev/kmsg";
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int EPIPE = 32;

  /** The kernel's own limit of a record, CONSOLE_EXT_LOG_MAX. */
  private static final int LONGEST = 8192;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), ERRNO);

  private final MemorySegment state = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
  private final MemorySegment record = Arena.ofAuto().allocate(LONGEST);
  private final int descriptor;

  /**
   * @throws IOException when this process may not read it
   */
  KernelLog() throws IOException {
    try (var arena = Arena.ofConfined()) {
      descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(PATH), O_NONBLOCK | O_CLOEXEC);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
    if (descriptor < 0) {
      throw new IOException(PATH + " can't be read: errno " + errno());
    }
  }

  /** The next record; empty when there is none yet. */
  Optional<String> next() {
    try {
      long got;
      do { // those that were overwritten before they were read are left out
        got = (long) READ.invokeExact(state, descriptor, record, (long) LONGEST);
      } while (got < 0 && errno() == EPIPE);
      return got <= 0
          ? Optional.empty()
          : Optional.of(new String(record.asSlice(0, got).toArray(JAVA_BYTE), UTF_8));
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private int errno() {
    return state.get(JAVA_INT, 0);
  }

  private static MethodHandle function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
  }
}
