package dev.jkubelet.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Files and namespaces. A descriptor is a number here, where a FileChannel is half a kilobyte, an
 * interrupt closes it, and some thousands are kept open. As with the kernel's own calls, a negative
 * result is an errno.
 */
@SuppressWarnings("restricted") // native access is what this class is for; the launcher grants it
public final class Libc {
  public static final int O_NONBLOCK = 0x800;
  public static final int CLONE_NEWNET = 0x40000000;
  public static final int EPIPE = 32;

  private static final int O_CLOEXEC = 0x80000;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int STATX_BASIC_STATS = 0x7ff;

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
  private static final MethodHandle PREAD =
      function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle SETNS =
      function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle STATX =
      function(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle STATVFS =
      function("statvfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle STRERROR =
      function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private interface Call<T> {
    T in(Arena arena) throws Throwable;
  }

  private Libc() {}

  /** A descriptor to read from, which no process that is started inherits. */
  public static int open(Path path, int flags) {
    return call(
        arena -> {
          var state = state(arena);
          int fd =
              (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), flags | O_CLOEXEC);
          return fd < 0 ? -errno(state) : fd;
        });
  }

  /** How much was read. */
  public static long read(int descriptor, MemorySegment into) {
    return call(
        arena -> {
          var state = state(arena);
          long got = (long) READ.invokeExact(state, descriptor, into, into.byteSize());
          return got < 0 ? -errno(state) : got;
        });
  }

  /** How much was read from that offset on; -1 when it can't be, as of a removed cgroup. */
  public static long read(int descriptor, MemorySegment into, long offset) {
    try {
      return (long) PREAD.invokeExact(descriptor, into, into.byteSize(), offset);
    } catch (Throwable impossible) {
      throw new IllegalStateException("pread", impossible);
    }
  }

  public static void close(int descriptor) {
    try {
      var _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable impossible) {
      throw new IllegalStateException("close", impossible);
    }
  }

  /** Moves this thread into the namespace of that kind. */
  public static int setns(int descriptor, int kind) {
    return call(
        arena -> {
          var state = state(arena);
          return (int) SETNS.invokeExact(state, descriptor, kind) < 0 ? -errno(state) : 0;
        });
  }

  /** Whether {@code into} now holds the path's {@code struct statx}; links are not followed. */
  public static boolean stat(String path, MemorySegment into) {
    return call(
        arena ->
            (int)
                    STATX.invokeExact(
                        AT_FDCWD,
                        arena.allocateFrom(path),
                        AT_SYMLINK_NOFOLLOW,
                        STATX_BASIC_STATS,
                        into)
                == 0);
  }

  /** Whether {@code into} now holds the {@code struct statvfs} of the path's file system. */
  public static boolean statvfs(Path path, MemorySegment into) {
    return call(arena -> (int) STATVFS.invokeExact(arena.allocateFrom(path.toString()), into) == 0);
  }

  /** The result, unless it is an errno: then the C library's text for it. */
  public static int checked(String what, int result) throws IOException {
    if (result < 0) {
      var text = call(_ -> (MemorySegment) STRERROR.invokeExact(-result));
      throw new IOException(
          what + ": " + text.reinterpret(256).getString(0).toLowerCase(Locale.ROOT));
    }
    return result;
  }

  private static MemorySegment state(Arena arena) {
    return arena.allocate(Linker.Option.captureStateLayout());
  }

  private static int errno(MemorySegment state) {
    return state.get(JAVA_INT, 0);
  }

  private static <T> T call(Call<T> call) {
    try (var arena = Arena.ofConfined()) {
      return call.in(arena);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
  }
}
