package dev.jkubelet.server.stream.spdy;

import java.nio.ByteBuffer;
import org.apache.pekko.util.ByteString;

/** Writes frames; those with headers have to be sent in the order they were written. */
public final class FrameWriter {
  /** The most bytes of a data frame: 24 bits tell its length. */
  public static final int MAX_DATA = 0xff_ffff;

  private static final int CONTROL = 0x8003_0000;
  private static final int FIN = 0x01;
  private static final int SETTINGS_INITIAL_WINDOW_SIZE = 7;

  private final HeaderWriter headers = new HeaderWriter();

  public ByteString write(Frame frame) {
    return switch (frame) {
      case Frame.SynStream(var id, var fields, var ended) -> {
        var block = headers.write(fields);
        yield bytes(
            control(1, ended, 10 + block.length).putInt(id).putInt(0).putShort((short) 0), block);
      }
      case Frame.SynReply(var id, var fields, var ended) -> {
        var block = headers.write(fields);
        yield bytes(control(2, ended, 4 + block.length).putInt(id), block);
      }
      case Frame.RstStream(var id, var status) ->
          bytes(control(3, false, 8).putInt(id).putInt(status));
      case Frame.Settings(var window) ->
          window.isEmpty()
              ? bytes(control(4, false, 4).putInt(0))
              : bytes(
                  control(4, false, 12)
                      .putInt(1)
                      .putInt(SETTINGS_INITIAL_WINDOW_SIZE)
                      .putInt(window.getAsInt()));
      case Frame.Ping(var id) -> bytes(control(6, false, 4).putInt(id));
      case Frame.GoAway(var last, var status) ->
          bytes(control(7, false, 8).putInt(last).putInt(status));
      case Frame.Headers(var id, var fields, var ended) -> {
        var block = headers.write(fields);
        yield bytes(control(8, ended, 4 + block.length).putInt(id), block);
      }
      case Frame.WindowUpdate(var id, var delta) ->
          bytes(control(9, false, 8).putInt(id).putInt(delta));
      case Frame.Data(var id, var payload, var ended) -> data(id, payload, ended);
    };
  }

  /** The payload is not copied. */
  private static ByteString data(int id, ByteString payload, boolean ended) {
    if (payload.size() > MAX_DATA) {
      throw new IllegalArgumentException(payload.size() + " bytes in a data frame");
    }
    return bytes(ByteBuffer.allocate(8).putInt(id).putInt((ended ? FIN : 0) << 24 | payload.size()))
        .concat(payload);
  }

  private static ByteBuffer control(int type, boolean ended, int length) {
    return ByteBuffer.allocate(8 + length)
        .putInt(CONTROL | type)
        .putInt((ended ? FIN : 0) << 24 | length);
  }

  private static ByteString bytes(ByteBuffer frame) {
    return ByteString.fromByteBuffer(frame.flip());
  }

  private static ByteString bytes(ByteBuffer frame, byte[] block) {
    return bytes(frame.put(block));
  }
}
