package dev.jkubelet.runtime;

import org.apache.pekko.util.ByteString;

/** What a process wrote, in the order it did as far as the engine keeps it. */
public record Output(Stream stream, ByteString bytes) {
  /** Where it wrote to. */
  public enum Stream {
    STDOUT,
    STDERR
  }
}
