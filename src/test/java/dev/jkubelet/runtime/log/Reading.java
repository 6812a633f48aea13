package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.util.ByteString;

/** Reads logs the way a follower does, without a stream around. */
final class Reading {
  private Reading() {}

  /** Everything up to the end, or to where a follower would wait. */
  static String drain(LogReader reader) throws IOException {
    var all = ByteString.emptyByteString();
    while (reader.read() instanceof LogReader.Data(var bytes)) {
      all = all.concat(bytes);
    }
    return all.utf8String();
  }

  static String all(Path file, LogOptions options) throws IOException {
    try (var reader = new LogReader(file, options)) {
      return drain(reader);
    }
  }

  static LogOptions following() {
    return new LogOptions(
        true, false, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }

  static LogOptions tail(long lines) {
    return new LogOptions(
        false, false, OptionalLong.of(lines), OptionalLong.empty(), Optional.empty());
  }

  static LogOptions limit(long bytes) {
    return new LogOptions(
        false, false, OptionalLong.empty(), OptionalLong.of(bytes), Optional.empty());
  }

  static LogOptions since(Instant time) {
    return new LogOptions(
        false, false, OptionalLong.empty(), OptionalLong.empty(), Optional.of(time));
  }

  static LogOptions timestamps() {
    return new LogOptions(
        false, true, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }
}
