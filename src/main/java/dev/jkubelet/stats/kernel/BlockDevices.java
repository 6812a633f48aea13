package dev.jkubelet.stats.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The names of block devices. A machine has few at a time, but those of volumes come and go, and
 * numbers are given anew: no name is kept for longer than a minute.
 */
final class BlockDevices {
  /** This machine's. */
  static final BlockDevices HOST = new BlockDevices(Path.of("/sys/dev/block"), System::nanoTime);

  private static final long FRESH = Duration.ofMinutes(1).toNanos();

  private final Path folder;
  private final LongSupplier nanoTime;
  private volatile Names names;

  private record Names(long since, Map<Long, String> byNumber) {}

  /**
   * @param folder {@code /sys/dev/block}
   */
  BlockDevices(Path folder, LongSupplier nanoTime) {
    this.folder = folder;
    this.nanoTime = nanoTime;
    this.names = new Names(nanoTime.getAsLong(), new ConcurrentHashMap<>());
  }

  /** {@code /dev/vda}, or {@code 254:0} of a device that is not there. */
  String name(int major, int minor) {
    return fresh()
        .computeIfAbsent(((long) major << 32) | minor, _ -> find(folder, major + ":" + minor));
  }

  /** Two that find them old at once forget them twice, which costs no more than a few links. */
  private Map<Long, String> fresh() {
    long now = nanoTime.getAsLong();
    if (now - names.since() > FRESH) {
      names = new Names(now, new ConcurrentHashMap<>());
    }
    return names.byNumber();
  }

  private static String find(Path folder, String numbers) {
    try {
      return "/dev/" + Files.readSymbolicLink(folder.resolve(numbers)).getFileName().toString();
    } catch (IOException _) {
      return numbers;
    }
  }
}
