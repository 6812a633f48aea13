package dev.jkubelet.runtime;

import dev.jkubelet.libc.Libc;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Opens sockets in another process' network namespace. A socket stays in the namespace it was made
 * in, whoever uses it: so a thread enters the namespace, makes one socket and ends. It never serves
 * anything else, and no other thread is ever in a namespace of somebody else's. That needs
 * CAP_SYS_ADMIN, and neither socat nor nsenter, and costs no process per connection.
 */
public final class NetworkNamespace {
  private NetworkNamespace() {}

  /** A new TCP socket for IPv4 in the namespace of that process; blocks for less than a moment. */
  public static SocketChannel openSocket(long pid) throws IOException, InterruptedException {
    var opened = new CompletableFuture<SocketChannel>();
    Thread.ofPlatform()
        .name("netns-" + pid)
        .start(
            () -> {
              try {
                enter(Path.of("/proc", Long.toString(pid), "ns/net"));
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

  private static void enter(Path namespace) throws IOException {
    int descriptor = Libc.checked("open " + namespace, Libc.open(namespace, 0));
    try {
      Libc.checked("enter " + namespace, Libc.setns(descriptor, Libc.CLONE_NEWNET));
    } finally {
      Libc.close(descriptor);
    }
  }
}
