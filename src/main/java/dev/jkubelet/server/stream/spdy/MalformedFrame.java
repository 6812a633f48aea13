package dev.jkubelet.server.stream.spdy;

import java.io.IOException;

/**
 * Bytes that are no SPDY. The connection can't go on: frames share one compression state, so none
 * that follows can be read.
 */
public final class MalformedFrame extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedFrame(String message) {
    super(message);
  }
}
