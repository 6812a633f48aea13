package dev.jkubelet.cluster;

import java.time.Instant;

/**
 * What shows to whom it may concern that a pod runs as its service account, as long as it exists.
 *
 * @param renewAt when to ask for a newer one
 */
public record BoundToken(String text, Instant renewAt) {
  /** Nobody prints it by accident. */
  @Override
  public String toString() {
    return "BoundToken[renewAt=" + renewAt + "]";
  }
}
