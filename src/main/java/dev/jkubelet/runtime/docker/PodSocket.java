package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.SocketStream;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** A socket in a pod's network namespace. */
record PodSocket(SocketStream socket) implements PodConnection {
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
