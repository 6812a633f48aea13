package dev.jkubelet.server.stream.spdy;

/** What a connection keeps of one stream. */
final class OpenStream {
  /** Bytes taken from the peer that it was not told of yet. */
  int uncredited;

  /** Bytes that may be sent; below zero when the peer spoke of windows late. */
  long window;

  boolean peerEnded;
  boolean weEnded;

  OpenStream(long window) {
    this.window = window;
  }
}
