package dev.jkubelet.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes bytes to a server and back, until told to swallow them or to hang up. */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final List<Line> lines = new CopyOnWriteArrayList<>();

  /** One connection, and the one it leads to. */
  private static final class Line {
    private final Socket near;
    private final Socket far;
    private volatile boolean mute;

    Line(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void pass(InputStream from, OutputStream to) {
      var buffer = new byte[8192];
      try {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          if (!mute) {
            to.write(buffer, 0, n);
            to.flush();
          }
        }
      } catch (IOException e) {
        mute = true;
      }
    }
  }

  TcpProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  int connections() {
    return lines.size();
  }

  private void accept() {
    try {
      while (true) {
        var near = listening.accept();
        var line = new Line(near, new Socket(InetAddress.getLoopbackAddress(), target));
        lines.add(line);
        start(line, line.near, line.far);
        start(line, line.far, line.near);
      }
    } catch (IOException closed) {
      hangUp();
    }
  }

  private static void start(Line line, Socket from, Socket to) throws IOException {
    var in = from.getInputStream();
    var out = to.getOutputStream();
    Thread.ofVirtual().start(() -> line.pass(in, out));
  }

  /** The connections there are stay open and carry nothing any more; later ones work. */
  void mute() {
    lines.forEach(line -> line.mute = true);
  }

  /** Ends all connections; later ones work. */
  void hangUp() {
    var ended = List.copyOf(lines);
    lines.removeAll(ended);
    for (var line : ended) {
      try (line.near;
          line.far) {
        line.mute = true;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    hangUp();
  }
}
