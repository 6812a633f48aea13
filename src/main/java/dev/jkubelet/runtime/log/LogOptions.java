package dev.jkubelet.runtime.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a reader of a container's log asks for, with PodLogOptions' names and meaning.
 *
 * @param follow go on after the end of the file, for as long as the container runs
 * @param timestamps start each line with the time it was written, RFC 3339 with nine digits, UTC
 * @param tailLines only so many lines from the end; counted before {@code since} drops any
 * @param limitBytes end after exactly so many bytes, in the middle of a line if need be
 * @param since drop lines older than this
 */
public record LogOptions(
    boolean follow,
    boolean timestamps,
    OptionalLong tailLines,
    OptionalLong limitBytes,
    Optional<Instant> since) {

  /** The log so far, all of it and nothing added. */
  public static LogOptions everything() {
    return new LogOptions(
        false, false, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
  }
}
