package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.TerminalSize;
import org.apache.pekko.util.ByteString;

/** What the client of a remote command says. */
sealed interface FromClient {
  /** All streams are there; always the first. */
  record Ready() implements FromClient {}

  /** Bytes for the process. */
  record Input(ByteString bytes) implements FromClient {}

  /** There is no more input. */
  record InputEnd() implements FromClient {}

  /** The client's terminal has this size now. */
  record Resize(TerminalSize size) implements FromClient {}
}
