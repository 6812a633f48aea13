package dev.jkubelet.volume;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Locale;

/** The few calls of Linux that Java has no API for. None of them follows a last symbolic link. */
@SuppressWarnings("restricted") // native access is what this class is for; the launcher grants it
final class Syscalls {
  static final int ENOENT = 2;
  static final int EEXIST = 17;
  static final int EBUSY = 16;
  static final int EINVAL = 22;

  private static final long MS_BIND = 0x1000;
  private static final int MNT_DETACH = 0x2;
  private static final int UMOUNT_NOFOLLOW = 0x8;
  private static final long SYS_OPENAT2 = 437; // one number on every architecture
  private static final long O_PATH = 0x200000;
  private static final long O_CLOEXEC = 0x80000;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_BENEATH = 0x08;
  private static final int AT_FDCWD = -100;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle MOUNT =
      function(
          "mount",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS),
          ERRNO);
  private static final MethodHandle UMOUNT2 =
      function("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle OPENAT2 =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
          ERRNO,
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle MKDIRAT =
      function("mkdirat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), ERRNO);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle STRERROR =
      function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Syscalls() {}

  /** An errno with its text; {@code errno} lets the caller tell the expected from the rest. */
  static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    private Failure(String what, int errno) {
      super(what + ": " + text(errno));
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }

  /** Mounts a tmpfs; {@code options} as in mount(8), comma-separated. */
  static void mountTmpfs(Path dir, String options) throws Failure {
    mount("tmpfs", dir.toString(), "tmpfs", 0, options);
  }

  /** Mounts files that are huge pages of that many bytes. */
  static void mountHugePages(Path dir, long pageSize) throws Failure {
    mount("nodev", dir.toString(), "hugetlbfs", 0, "pagesize=" + pageSize);
  }

  /** Makes what an open descriptor stands for show at {@code target} too. */
  static void bind(int fd, Path target) throws Failure {
    mount("/proc/self/fd/" + fd, target.toString(), "", MS_BIND, "");
  }

  /** Detaches lazily: the mount leaves the tree now, and ends with its last user. */
  static void detach(Path dir) throws Failure {
    unmount(dir, MNT_DETACH | UMOUNT_NOFOLLOW);
  }

  static void unmount(Path dir) throws Failure {
    unmount(dir, UMOUNT_NOFOLLOW);
  }

  /** Opens a folder for use as an anchor of the calls below. */
  static int openAnchor(Path dir) throws Failure {
    return openat2(AT_FDCWD, dir.toString(), 0);
  }

  /** Opens a path below an anchor. A link that leads out of the anchor's tree is an error. */
  static int openBeneath(int anchor, String relative) throws Failure {
    return openat2(anchor, relative, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
  }

  static void mkdirat(int anchor, String name, int mode) throws Failure {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      check("mkdir " + name, (int) MKDIRAT.invokeExact(state, anchor, c(arena, name), mode), state);
    } catch (Throwable failure) {
      throw failed(failure);
    }
  }

  static void close(int fd) {
    try {
      int _ = (int) CLOSE.invokeExact(fd);
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void mount(String source, String target, String type, long flags, String options)
      throws Failure {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result =
          (int)
              MOUNT.invokeExact(
                  state,
                  c(arena, source),
                  c(arena, target),
                  c(arena, type),
                  flags,
                  c(arena, options));
      check("mount " + source + " on " + target, result, state);
    } catch (Throwable failure) {
      throw failed(failure);
    }
  }

  private static void unmount(Path dir, int flags) throws Failure {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) UMOUNT2.invokeExact(state, c(arena, dir.toString()), flags);
      check("unmount " + dir, result, state);
    } catch (Throwable failure) {
      throw failed(failure);
    }
  }

  private static int openat2(int anchor, String path, long resolve) throws Failure {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var how = arena.allocateFrom(JAVA_LONG, O_PATH | O_CLOEXEC, 0, resolve);
      long fd =
          (long)
              OPENAT2.invokeExact(state, SYS_OPENAT2, anchor, c(arena, path), how, how.byteSize());
      check("open " + path, fd, state);
      return (int) fd;
    } catch (Throwable failure) {
      throw failed(failure);
    }
  }

  private static MemorySegment c(Arena arena, String text) {
    return arena.allocateFrom(text);
  }

  private static void check(String what, long result, MemorySegment state) throws Failure {
    if (result < 0) {
      throw new Failure(what, (int) ERRNO_VALUE.get(state, 0L));
    }
  }

  private static Failure failed(Throwable failure) {
    return switch (failure) {
      case Failure errno -> errno;
      case RuntimeException unexpected -> throw unexpected;
      case Error error -> throw error;
      case Throwable impossible -> throw new IllegalStateException(impossible);
    };
  }

  private static String text(int errno) {
    try {
      var text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(256).getString(0).toLowerCase(Locale.ROOT);
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
  }
}
