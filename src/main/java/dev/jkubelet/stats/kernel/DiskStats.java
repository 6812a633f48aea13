package dev.jkubelet.stats.kernel;

import dev.jkubelet.stats.ContainerSample.DeviceIo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What every block device did: {@code /proc/diskstats}, by {@code /dev/NAME}. */
public final class DiskStats {
  private DiskStats() {}

  /** Reads them; none when the file can't be read. */
  public static Map<String, DeviceIo> of(Path proc, KernelText text) {
    var devices = new HashMap<String, DeviceIo>();
    if (text.read(proc.resolve("diskstats"))) {
      while (text.nextLine()) {
        text.number();
        text.number();
        devices.put(
            "/dev/" + text.word(),
            new DeviceIo(
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number(),
                text.number()));
      }
    }
    return devices;
  }
}
