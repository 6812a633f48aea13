package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A registry on the loopback that takes connections and never says a word. */
final class MuteRegistry implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> callers = new CopyOnWriteArrayList<>();

  MuteRegistry() throws IOException {
    Thread.ofVirtual().start(this::listen);
  }

  /** One that it would have. */
  String image() {
    return "127.0.0.1:" + server.getLocalPort() + "/mute:1";
  }

  boolean asked() {
    return !callers.isEmpty();
  }

  private void listen() {
    try {
      while (true) {
        callers.add(server.accept());
      }
    } catch (IOException closed) {
      callers.forEach(MuteRegistry::hangUp);
    }
  }

  private static void hangUp(Socket caller) {
    try {
      caller.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
