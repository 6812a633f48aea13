package dev.jkubelet.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The last readings of one cgroup, oldest forgotten first. One thread adds, any number read: what
 * they get is whole, ordered by time, and may already be newer than the snapshot it was reached
 * through.
 */
public final class SampleHistory {
  /** Two minutes of a busy container. */
  public static final int CAPACITY = 120;

  /** cAdvisor's least distance of two readings for a rate. */
  private static final long LEAST_NANOS = 100_000_000;

  /** The kubelet's housekeeping interval. */
  private static final long WINDOW_NANOS = 10_000_000_000L;

  private final ContainerSample[] ring = new ContainerSample[CAPACITY];
  private int next;
  private int size;

  /** Adds a reading that is newer than all before. */
  public synchronized void add(ContainerSample sample) {
    ring[next] = sample;
    next = (next + 1) % CAPACITY;
    size = Math.min(size + 1, CAPACITY);
  }

  /** All readings, oldest first. */
  public List<ContainerSample> samples() {
    return last(CAPACITY);
  }

  /** The newest {@code most} readings, oldest first. */
  public synchronized List<ContainerSample> last(int most) {
    int count = Math.clamp(most, 0, size);
    var samples = new ArrayList<ContainerSample>(count);
    for (int back = count; back > 0; back--) {
      samples.add(back(back));
    }
    return samples;
  }

  /** See {@link ContainerRecord#nanoCores}. */
  synchronized Optional<Long> nanoCores() {
    if (size < 2) {
      return Optional.empty();
    }
    var newest = back(1);
    int steps = 2;
    while (steps < size && newest.nanos() - back(steps).nanos() < WINDOW_NANOS) {
      steps++;
    }
    var before = back(steps);
    long nanos = newest.nanos() - before.nanos();
    long used = newest.cpu().total() - before.cpu().total();
    return nanos < LEAST_NANOS || used < 0
        ? Optional.empty()
        : Optional.of((long) (used * (1e9 / nanos)));
  }

  private ContainerSample back(int steps) {
    return ring[Math.floorMod(next - steps, CAPACITY)];
  }
}
