package dev.jkubelet.server.stream;

import dev.jkubelet.server.stream.spdy.Frame;

/**
 * What a stream of a port-forward says of itself.
 *
 * @param requestId what the two streams of one connection have in common
 */
record PortHeaders(boolean isError, int port, String requestId) {
  private static final String PORT = "port";
  private static final String TYPE = "streamtype";

  /** Why a stream is not taken. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    private Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads them. Clients older than request ids open the error stream first and the data stream with
   * the next id.
   */
  static PortHeaders of(Frame.SynStream opened) throws Invalid {
    var port = port(opened.headers().getOrDefault(PORT, ""));
    var type = opened.headers().getOrDefault(TYPE, "");
    var requestId = opened.headers().getOrDefault("requestid", "");
    return switch (type) {
      case "error" ->
          new PortHeaders(
              true, port, requestId.isEmpty() ? String.valueOf(opened.streamId()) : requestId);
      case "data" ->
          new PortHeaders(
              false, port, requestId.isEmpty() ? String.valueOf(opened.streamId() - 2) : requestId);
      case "" -> throw new Invalid("\"streamType\" header is required");
      default -> throw new Invalid("invalid stream type \"" + type + "\"");
    };
  }

  private static int port(String text) throws Invalid {
    if (text.isEmpty()) {
      throw new Invalid("\"port\" header is required");
    }
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 0xffff) {
      throw new Invalid("unable to parse \"" + text + "\" as a port");
    }
    int port = Integer.parseInt(text);
    if (port < 1) {
      throw new Invalid("port \"" + text + "\" must be > 0");
    }
    return port;
  }
}
