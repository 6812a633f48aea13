package dev.jkubelet.stats.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The C library's files. A descriptor is a number here, where a FileChannel is half a kilobyte, an
 * interrupt closes it, and some thousands are kept open.
 */
@SuppressWarnings("restricted") // native access is what this class is for; the launcher grants it
final class Libc {
  private static final int O_CLOEXEC = 0x80000;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC_STATS = 0x7ff;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle PREAD =
      function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle STATX =
      function(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

  private Libc() {}

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
  }

  /** A descriptor to read from; negative when there is none to be had. */
  static int open(Path path) {
    try (var arena = Arena.ofConfined()) {
      return (int) OPEN.invokeExact(arena.allocateFrom(path.toString()), O_CLOEXEC);
    } catch (Throwable failure) {
      throw new IllegalStateException("open " + path, failure);
    }
  }

  /** How much was read from that offset on; negative when it can't be, as of a removed cgroup. */
  static long read(int descriptor, MemorySegment into, long offset) {
    try {
      return (long) PREAD.invokeExact(descriptor, into, into.byteSize(), offset);
    } catch (Throwable failure) {
      throw new IllegalStateException("pread", failure);
    }
  }

  static void close(int descriptor) {
    try {
      var _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable failure) {
      throw new IllegalStateException("close", failure);
    }
  }

  /** Whether {@code into} now holds the path's {@code struct statx}; links are not followed. */
  static boolean stat(String path, MemorySegment into) {
    try (var arena = Arena.ofConfined()) {
      return (int)
              STATX.invokeExact(
                  AT_FDCWD, arena.allocateFrom(path), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, into)
          == 0;
    } catch (Throwable failure) {
      throw new IllegalStateException("statx " + path, failure);
    }
  }
}
