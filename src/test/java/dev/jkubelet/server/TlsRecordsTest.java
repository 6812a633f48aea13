package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's end against a client's engine; what lies between is cut anywhere. */
class TlsRecordsTest {
  private static final int ENOUGH = 1 << 20;

  @TempDir private static Path folder;
  private static TlsContext context;

  private final ByteBuffer toServer = ByteBuffer.allocate(ENOUGH);
  private TlsRecords server;
  private SSLEngine client;

  @BeforeAll
  static void makesACertificate() {
    context = TlsContext.load(TestServer.settings(TestServer.Options.in(folder)), List.of());
  }

  @BeforeEach
  void connects() throws Exception {
    server = new TlsRecords(context.engine());
    client = TestCertificates.clientContext().createSSLEngine();
    client.setUseClientMode(true);
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, 1, 1",
    "TLSv1.3, 100000, 7",
    "TLSv1.3, 16384, 16406",
    "TLSv1.3, 300000, 1000000",
    "TLSv1.2, 1, 1",
    "TLSv1.2, 300000, 5000"
  })
  void bytesComeThroughBothWaysHoweverTheyAreCut(String version, int size, int cut)
      throws Exception {
    client.setEnabledProtocols(new String[] {version});
    handshake(cut);
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);

    var said = ByteBuffer.wrap(bytes);
    while (said.hasRemaining()) {
      client.wrap(said, toServer);
    }
    deliver(cut);
    assertThat(server.takeOpened().toArray()).isEqualTo(bytes);

    server.send(ByteString.fromArray(bytes).concat(ByteString.fromString("more")));
    assertThat(read(server.takeSealed()).toArray())
        .isEqualTo(ByteString.fromArray(bytes).concat(ByteString.fromString("more")).toArray());
    assertThat(client.getSession().getProtocol()).isEqualTo(version);
  }

  private void handshake(int cut) throws SSLException {
    client.beginHandshake();
    while (!server.isEstablished()
        || client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      switch (client.getHandshakeStatus()) {
        case NEED_WRAP -> {
          client.wrap(ByteBuffer.allocate(0), toServer);
          deliver(cut);
        }
        case NEED_TASK -> client.getDelegatedTask().run();
        default -> read(server.takeSealed());
      }
    }
  }

  private void deliver(int cut) throws SSLException {
    toServer.flip();
    while (toServer.hasRemaining()) {
      var piece = new byte[Math.min(cut, toServer.remaining())];
      toServer.get(piece);
      server.receive(ByteString.fromArrayUnsafe(piece));
    }
    toServer.clear();
  }

  /** What the client makes of it; its own answers go into {@code toServer}. */
  private ByteString read(ByteString sealed) throws SSLException {
    var records = sealed.asByteBuffer();
    var copy = ByteBuffer.allocate(records.remaining()).put(records).flip();
    var plain = ByteBuffer.allocate(ENOUGH);
    while (copy.hasRemaining()) {
      client.unwrap(copy, plain);
      for (var task = client.getDelegatedTask(); task != null; task = client.getDelegatedTask()) {
        task.run();
      }
      if (client.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        client.wrap(ByteBuffer.allocate(0), toServer);
      }
    }
    deliver(ENOUGH);
    return ByteString.fromByteBuffer(plain.flip());
  }

  @Test
  void eitherSideTellsTheOtherOfItsEnd() throws Exception {
    handshake(ENOUGH);
    client.closeOutbound();
    client.wrap(ByteBuffer.allocate(0), toServer);
    deliver(ENOUGH);
    assertThat(server.isPeerDone()).isTrue();

    server.close();
    read(server.takeSealed());
    assertThat(client.isInboundDone()).isTrue();
  }

  @Test
  void whoSpeaksNoTlsIsToldSo() {
    assertThatThrownBy(() -> server.receive(ByteString.fromString("GET / HTTP/1.1\r\n\r\n")))
        .isInstanceOf(SSLException.class);
    server.close();

    int alert = 21;
    assertThat(server.takeSealed().head()).isEqualTo((byte) alert);
  }
}
