package dev.jkubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream, and the other end of its socket. */
class SocketStreamTest {
  private static final int MUCH = 4 << 20;

  @TempDir private Path folder;
  private SocketChannel peer;
  private SocketStream stream;

  @BeforeEach
  void connects() throws IOException {
    var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      peer = SocketChannel.open(address);
      stream = new SocketStream(server.accept(), new PieceSize());
    }
  }

  @AfterEach
  void closes() throws IOException {
    stream.close();
    peer.close();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private void say(String text) throws IOException {
    peer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatIsThereIsReadAtOnce() throws IOException {
    say("hello");

    assertThat(stream.read()).isCompletedWithValue(ByteString.fromString("hello"));
  }

  @Test
  void aReadWaitsForWhatComes() throws Exception {
    for (var text : new String[] {"hello", "again"}) {
      var read = stream.read();
      assertThat(read.toCompletableFuture()).isNotDone();
      say(text);
      assertThat(get(read).utf8String()).isEqualTo(text);
    }
  }

  @Test
  void theEndIsReadAsNothing() throws Exception {
    var read = stream.read();
    peer.shutdownOutput();

    assertThat(get(read)).isEqualTo(ByteString.emptyByteString());
    assertThat(get(stream.read())).isEqualTo(ByteString.emptyByteString());
  }

  @Test
  void aWriteEndsWhenThePeerHasTakenEnoughOfIt() throws Exception {
    var bytes = new byte[MUCH];
    new Random(7).nextBytes(bytes);

    var written =
        stream.write(
            ByteString.fromArray(bytes, 0, 100)
                .concat(ByteString.fromArray(bytes, 100, MUCH - 100)));
    assertThat(written.toCompletableFuture()).isNotDone();
    var received = ByteBuffer.allocate(MUCH);
    while (received.hasRemaining()) {
      peer.read(received);
    }

    get(written);
    assertThat(received.array()).isEqualTo(bytes);
  }

  @Test
  void afterItsEndTheOtherWayGoesOn() throws Exception {
    get(stream.endOutput());
    assertThat(peer.read(ByteBuffer.allocate(1))).isNegative();
    say("hello");

    assertThat(get(stream.read()).utf8String()).isEqualTo("hello");
  }

  @Test
  void whatIsUnderWayFailsWhenItIsClosed() throws Exception {
    var read = stream.read();
    var written = stream.write(ByteString.fromArrayUnsafe(new byte[MUCH]));
    stream.close();

    assertThatThrownBy(() -> get(read)).hasCauseInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> get(written)).hasCauseInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> get(stream.read())).hasCauseInstanceOf(ClosedChannelException.class);
    var rest = ByteBuffer.allocate(MUCH);
    while (peer.read(rest) >= 0) {}
    assertThat(rest.position()).isLessThan(MUCH);
  }
}
