package dev.jkubelet.volume;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * One at a time for each volume that pods share: who makes it ready and who puts it away must not
 * meet. Who waits too long gives up and may try again.
 */
final class VolumeTurns {
  private final Duration patience;
  private final Set<String> taken = new HashSet<>();

  VolumeTurns(Duration patience) {
    this.patience = patience;
  }

  /** Waits; to be closed when it is over. */
  synchronized Turn take(String volume) throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (taken.contains(volume)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new IOException("another operation on volume " + volume + " has not ended yet");
      }
      wait(left / 1_000_000 + 1);
    }
    taken.add(volume);
    return new Turn(this, volume);
  }

  private synchronized void end(String volume) {
    taken.remove(volume);
    notifyAll();
  }

  record Turn(VolumeTurns turns, String volume) implements AutoCloseable {
    @Override
    public void close() {
      turns.end(volume);
    }
  }
}
