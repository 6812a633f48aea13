package dev.jkubelet.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Opens sockets in another process' network namespace. A socket stays in the namespace it was made
 * in, whoever uses it: so a thread enters the namespace, makes one socket and ends. It never serves
 * anything else, and no other thread is ever in a namespace of somebody else's. That needs
 * CAP_SYS_ADMIN, and neither socat nor nsenter, and costs no process per connection.
 */
@SuppressWarnings("restricted") // native access is what this class is for; the launcher grants it
public final class NetworkNamespace {
  private static final int O_RDONLY = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle STRERROR =
      function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private NetworkNamespace() {}

  /** A new TCP socket for IPv4 in the namespace of that process; blocks for less than a moment. */
  public static SocketChannel openSocket(long pid) throws IOException, InterruptedException {
    var opened = new CompletableFuture<SocketChannel>();
    Thread.ofPlatform()
        .name("netns-" + pid)
        .start(
            () -> {
              try {
                enter("/proc/" + pid + "/ns/net");
                opened.complete(SocketChannel.open(StandardProtocolFamily.INET));
              } catch (Throwable failure) { // whoever waits must hear of each
                opened.completeExceptionally(failure);
              }
            });
    try {
      return opened.get();
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause().getMessage(), failure.getCause());
    }
  }

  private static void enter(String namespace) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(namespace), O_RDONLY | O_CLOEXEC);
      check("open " + namespace, fd, state);
      try {
        check("enter " + namespace, (int) SETNS.invokeExact(state, fd, CLONE_NEWNET), state);
      } finally {
        int _ = (int) CLOSE.invokeExact(fd);
      }
    } catch (IOException | RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void check(String what, int result, MemorySegment state) throws Throwable {
    if (result < 0) {
      var text = (MemorySegment) STRERROR.invokeExact((int) ERRNO_VALUE.get(state, 0L));
      throw new IOException(
          what + ": " + text.reinterpret(256).getString(0).toLowerCase(Locale.ROOT));
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, options);
  }
}
