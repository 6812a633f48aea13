package dev.jkubelet.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** A connection to whoever listens on this machine, in place of one into a pod. */
record LocalConnection(SocketStream socket) implements PodConnection {
  static PodConnection to(int port) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return new LocalConnection(new SocketStream(SocketChannel.open(address), new PieceSize()));
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  @Override
  public CompletionStage<ByteString> read() {
    return socket.read();
  }

  @Override
  public CompletionStage<Void> write(ByteString bytes) {
    return socket.write(bytes);
  }

  @Override
  public CompletionStage<Void> endOutput() {
    return socket.endOutput();
  }

  @Override
  public void close() {
    socket.close();
  }
}
