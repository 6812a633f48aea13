package dev.jkubelet.server.stream.spdy;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;

/**
 * Reads frames from bytes that come in any pieces. Data is passed on as it comes, so what is held
 * is one control frame at most. Frames of a type that SPDY/3.1 does not know are skipped, as it
 * says.
 */
public final class FrameReader implements AutoCloseable {
  /** Of a control frame: a compressed header block of the API server has some 100 bytes. */
  private static final int MAX_CONTROL_FRAME = 64 << 10;

  private static final int HEAD = 8;
  private static final int VERSION = 3;
  private static final int FIN = 0x01;
  private static final int ID = 0x7fff_ffff;
  private static final int MAX_LENGTH = 0xff_ffff;
  private static final int SETTINGS_INITIAL_WINDOW_SIZE = 7;
  private static final int SETTING = 8;

  private final HeaderReader headers = new HeaderReader();
  private ByteString pending = ByteString.emptyByteString();

  /** The data frame whose rest is to come: its stream, how many bytes, and whether it ends it. */
  private int dataStream;

  private int dataLeft;
  private boolean dataEnds;

  /** Takes over the bytes; they must not change. */
  public void feed(ByteString bytes) {
    pending = pending.concat(bytes);
  }

  /** The next frame, empty when it takes more bytes. After a failure there is none. */
  public Optional<Frame> next() throws MalformedFrame {
    while (true) {
      if (dataLeft > 0) {
        return data();
      }
      if (pending.size() < HEAD) {
        return Optional.empty();
      }
      var head = pending.take(HEAD).asByteBuffer();
      int first = head.getInt();
      int second = head.getInt();
      int flags = second >>> 24;
      int length = second & MAX_LENGTH;
      if (first >= 0) {
        pending = pending.drop(HEAD);
        if (first == 0) {
          throw new MalformedFrame("data of stream 0");
        }
        if (length == 0) {
          return Optional.of(new Frame.Data(first, ByteString.emptyByteString(), ends(flags)));
        }
        dataStream = first;
        dataLeft = length;
        dataEnds = ends(flags);
        continue;
      }
      int version = (first >>> 16) & 0x7fff;
      if (version != VERSION) {
        throw new MalformedFrame("version " + version + ", expected " + VERSION);
      }
      if (length > MAX_CONTROL_FRAME) {
        throw new MalformedFrame(
            "a control frame of " + length + " bytes, expected " + MAX_CONTROL_FRAME + " at most");
      }
      if (pending.size() < HEAD + length) {
        return Optional.empty();
      }
      var body = pending.drop(HEAD).take(length).asByteBuffer();
      pending = pending.drop(HEAD + length).compact();
      var frame = control(first & 0xffff, flags, body);
      if (frame.isPresent()) {
        return frame;
      }
    }
  }

  /** All that is there of the frame, and of those that follow it on the same stream. */
  private Optional<Frame> data() {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    var bytes = part();
    while (dataLeft == 0 && !dataEnds && dataGoesOn()) {
      bytes = bytes.concat(part());
    }
    return Optional.of(new Frame.Data(dataStream, bytes, dataLeft == 0 && dataEnds));
  }

  private ByteString part() {
    var part = pending.take(dataLeft);
    pending = pending.drop(part.size());
    dataLeft -= part.size();
    return part;
  }

  /** Whether another frame of the stream has begun, and more than its head is there. */
  private boolean dataGoesOn() {
    if (pending.size() <= HEAD) {
      return false;
    }
    var head = pending.take(HEAD).asByteBuffer();
    int stream = head.getInt();
    int flagsAndLength = head.getInt();
    int length = flagsAndLength & MAX_LENGTH;
    if (stream != dataStream || length == 0) {
      return false;
    }
    pending = pending.drop(HEAD);
    dataLeft = length;
    dataEnds = ends(flagsAndLength >>> 24);
    return true;
  }

  private Optional<Frame> control(int type, int flags, ByteBuffer body) throws MalformedFrame {
    return switch (type) {
      case 1 -> Optional.of(synStream(flags, body));
      case 2 -> {
        atLeast(4, "SYN_REPLY", body);
        int id = streamId(body);
        yield Optional.of(new Frame.SynReply(id, headers(body), ends(flags)));
      }
      case 3 -> {
        exactly(8, "RST_STREAM", body);
        yield Optional.of(new Frame.RstStream(streamId(body), body.getInt()));
      }
      case 4 -> Optional.of(settings(body));
      case 6 -> {
        exactly(4, "PING", body);
        yield Optional.of(new Frame.Ping(body.getInt()));
      }
      case 7 -> {
        exactly(8, "GOAWAY", body);
        yield Optional.of(new Frame.GoAway(body.getInt() & ID, body.getInt()));
      }
      case 8 -> {
        atLeast(4, "HEADERS", body);
        int id = streamId(body);
        yield Optional.of(new Frame.Headers(id, headers(body), ends(flags)));
      }
      case 9 -> windowUpdate(body);
      default -> Optional.empty();
    };
  }

  private Frame synStream(int flags, ByteBuffer body) throws MalformedFrame {
    atLeast(10, "SYN_STREAM", body);
    int id = streamId(body);
    body.getInt(); // the stream it belongs to
    body.getShort(); // priority and slot
    return new Frame.SynStream(id, headers(body), ends(flags));
  }

  private static Frame settings(ByteBuffer body) throws MalformedFrame {
    atLeast(4, "SETTINGS", body);
    int count = body.getInt();
    if (count < 0 || (long) count * SETTING != body.remaining()) {
      throw new MalformedFrame(count + " settings in " + body.remaining() + " bytes");
    }
    var window = OptionalInt.empty();
    for (int i = 0; i < count; i++) {
      int id = body.getInt() & 0xff_ffff;
      int value = body.getInt();
      if (id == SETTINGS_INITIAL_WINDOW_SIZE) {
        if (value < 0) {
          throw new MalformedFrame("an initial window of more than " + Integer.MAX_VALUE);
        }
        window = OptionalInt.of(value);
      }
    }
    return new Frame.Settings(window);
  }

  /** Those of stream 0, the whole connection's window of SPDY/3.1, count like any other's. */
  private static Optional<Frame> windowUpdate(ByteBuffer body) throws MalformedFrame {
    exactly(8, "WINDOW_UPDATE", body);
    int id = body.getInt() & ID;
    int delta = body.getInt() & ID;
    if (delta == 0) {
      throw new MalformedFrame("a WINDOW_UPDATE of 0 bytes");
    }
    return Optional.of(new Frame.WindowUpdate(id, delta));
  }

  private static int streamId(ByteBuffer body) throws MalformedFrame {
    int id = body.getInt() & ID;
    if (id == 0) {
      throw new MalformedFrame("a frame of stream 0");
    }
    return id;
  }

  private Map<String, String> headers(ByteBuffer body) throws MalformedFrame {
    var block = new byte[body.remaining()];
    body.get(block);
    return headers.read(block);
  }

  private static boolean ends(int flags) {
    return (flags & FIN) != 0;
  }

  private static void atLeast(int bytes, String frame, ByteBuffer body) throws MalformedFrame {
    if (body.remaining() < bytes) {
      throw new MalformedFrame(frame + " of " + body.remaining() + " bytes, expected " + bytes);
    }
  }

  private static void exactly(int bytes, String frame, ByteBuffer body) throws MalformedFrame {
    if (body.remaining() != bytes) {
      throw new MalformedFrame(frame + " of " + body.remaining() + " bytes, expected " + bytes);
    }
  }

  @Override
  public void close() {
    headers.close();
  }
}
