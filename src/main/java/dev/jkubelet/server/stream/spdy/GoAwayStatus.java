package dev.jkubelet.server.stream.spdy;

/** Why a connection ends (SPDY/3.1, 2.6.6). */
public enum GoAwayStatus {
  OK(0),
  PROTOCOL_ERROR(1),
  INTERNAL_ERROR(2);

  private final int code;

  GoAwayStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
