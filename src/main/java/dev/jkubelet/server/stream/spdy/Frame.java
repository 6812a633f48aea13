package dev.jkubelet.server.stream.spdy;

import java.util.Map;
import java.util.OptionalInt;
import org.apache.pekko.util.ByteString;

/** The frames of SPDY/3.1. Names of headers are in lower case; streams count from 1. */
public sealed interface Frame {
  /** Opens a stream; {@code ended} when the opener sends nothing on it. */
  record SynStream(int streamId, Map<String, String> headers, boolean ended) implements Frame {}

  /** Accepts a stream. */
  record SynReply(int streamId, Map<String, String> headers, boolean ended) implements Frame {}

  /** Ends a stream both ways; {@code status} is one of {@link ResetStatus}'s codes. */
  record RstStream(int streamId, int status) implements Frame {}

  /** Only what matters here: how many bytes a new stream's receiver takes before it answers. */
  record Settings(OptionalInt initialWindow) implements Frame {}

  /** Odd ids are the client's, even ones the server's; the other side sends it back. */
  record Ping(int id) implements Frame {}

  /** The sender takes no new streams; {@code status} is one of {@link GoAwayStatus}'s codes. */
  record GoAway(int lastGoodStreamId, int status) implements Frame {}

  /** More headers of a stream. */
  record Headers(int streamId, Map<String, String> headers, boolean ended) implements Frame {}

  /** The receiver takes {@code delta} bytes more. */
  record WindowUpdate(int streamId, int delta) implements Frame {}

  /**
   * Bytes of a stream. One frame of the wire may come as several of these, and several as one;
   * {@code ended} is on the last.
   */
  record Data(int streamId, ByteString bytes, boolean ended) implements Frame {}
}
