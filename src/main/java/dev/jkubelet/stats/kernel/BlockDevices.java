package dev.jkubelet.stats.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of block devices, from {@code /sys/dev/block}; a machine has few. */
final class BlockDevices {
  private static final Map<String, String> NAMES = new ConcurrentHashMap<>();

  private BlockDevices() {}

  /** {@code /dev/vda}, or {@code 254:0} of a device that is not there. */
  static String name(int major, int minor) {
    return NAMES.computeIfAbsent(major + ":" + minor, BlockDevices::find);
  }

  private static String find(String numbers) {
    try {
      return "/dev/"
          + Files.readSymbolicLink(Path.of("/sys/dev/block", numbers)).getFileName().toString();
    } catch (IOException _) {
      return numbers;
    }
  }
}
