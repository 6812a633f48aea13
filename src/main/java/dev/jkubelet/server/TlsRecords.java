package dev.jkubelet.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.util.ByteString;

/**
 * A server's end of TLS without input and output of its own: records in, bytes out, and the other
 * way. A piece of bytes becomes all of its records in one array, which is what makes it cheap.
 */
final class TlsRecords {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private ByteBuffer received = NOTHING;
  private ByteString sealed = ByteString.emptyByteString();
  private ByteString opened = ByteString.emptyByteString();

  TlsRecords(SSLEngine engine) throws SSLException {
    this.engine = engine;
    engine.beginHandshake();
  }

  SSLSession session() {
    return engine.getSession();
  }

  /** Whether the handshake is over, or another one has begun. */
  boolean isEstablished() {
    return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
  }

  /** The client has said that nothing more comes. */
  boolean isPeerDone() {
    return engine.isInboundDone();
  }

  /** What is to be sent now; empty when nothing is. */
  ByteString takeSealed() {
    var taken = sealed;
    sealed = ByteString.emptyByteString();
    return taken;
  }

  boolean hasSealed() {
    return !sealed.isEmpty();
  }

  /** What the client said; empty when nothing is there. */
  ByteString takeOpened() {
    var taken = opened;
    opened = ByteString.emptyByteString();
    return taken;
  }

  /** Takes bytes from the network, and reads all whole records that are there. */
  void receive(ByteString bytes) throws SSLException {
    received = joined(received, bytes);
    var array = new byte[received.remaining() + engine.getSession().getApplicationBufferSize()];
    var plain = ByteBuffer.wrap(array);
    boolean more = true;
    while (more) {
      more =
          switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> !engine.isOutboundDone() && seal(NOTHING);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> open(plain);
          };
    }
    if (plain.position() > 0) {
      opened = opened.concat(cut(array, plain.position()));
    }
    received = received.hasRemaining() ? received : NOTHING;
  }

  /** The array of what comes from the network is nobody else's, and records are opened in place. */
  private static ByteBuffer joined(ByteBuffer rest, ByteString next) {
    if (!rest.hasRemaining()) {
      return ByteBuffer.wrap(next.toArrayUnsafe());
    }
    var both = ByteBuffer.allocate(rest.remaining() + next.size()).put(rest);
    next.copyToBuffer(both);
    return both.flip();
  }

  /** The first bytes of an array; a few don't keep a big one. */
  private static ByteString cut(byte[] array, int size) {
    return ByteString.fromArrayUnsafe(size < array.length / 2 ? Arrays.copyOf(array, size) : array)
        .take(size);
  }

  /** The delegated tasks are the handshake's: some milliseconds of arithmetic, nothing waits. */
  private boolean runTasks() {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
    return true;
  }

  /** False when it takes more bytes, or none are taken any more. */
  private boolean open(ByteBuffer plain) throws SSLException {
    var result = engine.unwrap(received, plain);
    return switch (result.getStatus()) {
      case OK -> received.hasRemaining() || !isEstablished();
      case BUFFER_UNDERFLOW -> false;
      case CLOSED -> {
        received = NOTHING;
        flush();
        yield false;
      }
      case BUFFER_OVERFLOW -> throw new SSLException("a record of more than it may hold");
    };
  }

  /** Seals bytes; only when {@link #isEstablished}. */
  void send(ByteString bytes) throws SSLException {
    var parts = new ArrayList<ByteBuffer>();
    bytes.getByteBuffers().forEach(parts::add);
    seal(parts.toArray(ByteBuffer[]::new));
  }

  /** Seals all of it, and whatever the engine itself has to say. */
  private boolean seal(ByteBuffer... parts) throws SSLException {
    int record = engine.getSession().getPacketBufferSize();
    long size = remaining(parts);
    var array = new byte[(int) (record + size + size / 64)];
    var records = ByteBuffer.wrap(array);
    boolean more = true;
    while (more) {
      if (records.remaining() < record) {
        sealed = sealed.concat(cut(array, records.position()));
        array = new byte[(int) (2L * record + remaining(parts))];
        records = ByteBuffer.wrap(array);
      }
      var result = engine.wrap(parts, records);
      if (result.bytesConsumed() == 0 && result.bytesProduced() == 0 && remaining(parts) > 0) {
        throw new SSLException("the client wants another handshake: " + result.getStatus());
      }
      more =
          result.getStatus() == SSLEngineResult.Status.OK
              && (remaining(parts) > 0
                  || engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP);
    }
    sealed = sealed.concat(cut(array, records.position()));
    return true;
  }

  private static long remaining(ByteBuffer... parts) {
    return Arrays.stream(parts).mapToLong(ByteBuffer::remaining).sum();
  }

  /** Says that nothing more comes, or what is wrong. */
  void close() {
    engine.closeOutbound();
    flush();
  }

  private void flush() {
    try {
      while (!engine.isOutboundDone()
          && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
        seal(NOTHING);
      }
    } catch (SSLException _) {
      // Nobody is left to be told.
    }
  }
}
