package dev.jkubelet.server.stream.spdy;

/** Why a stream is reset (SPDY/3.1, 2.6.3). */
public enum ResetStatus {
  PROTOCOL_ERROR(1),
  INVALID_STREAM(2),
  REFUSED_STREAM(3),
  CANCEL(5),
  FLOW_CONTROL_ERROR(7),
  STREAM_ALREADY_CLOSED(9);

  private final int code;

  ResetStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
