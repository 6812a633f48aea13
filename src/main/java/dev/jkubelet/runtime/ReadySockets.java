package dev.jkubelet.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One thread that waits for all sockets of the process, and lets each go on as soon as it can. A
 * thread that blocks for each socket, even a virtual one, takes three threads' waking for a byte.
 */
final class ReadySockets {
  private static final ReadySockets ALL = new ReadySockets();

  private final Selector selector;

  private ReadySockets() {
    try {
      selector = Selector.open();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Thread.ofPlatform().daemon().name("sockets").start(this::run);
  }

  /** From now on the channel does not block, and can be waited for. */
  static SelectionKey register(SocketChannel channel, SocketStream stream) throws IOException {
    channel.configureBlocking(false);
    return channel.register(ALL.selector, 0, stream);
  }

  /**
   * Calls the socket's stream once, when it is ready for that operation.
   *
   * @throws CancelledKeyException when it has been closed
   */
  static void await(SelectionKey key, int operation) {
    key.interestOpsOr(operation);
    ALL.selector.wakeup();
  }

  /** The descriptor of a closed socket is this thread's to let go. */
  static void closed() {
    ALL.selector.wakeup();
  }

  private void run() {
    try {
      while (true) {
        selector.select(ReadySockets::goOn);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void goOn(SelectionKey key) {
    int ready;
    try {
      ready = key.readyOps();
      key.interestOpsAnd(~ready);
    } catch (CancelledKeyException _) {
      return;
    }
    ((SocketStream) key.attachment()).ready(ready);
  }
}
