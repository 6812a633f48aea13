package dev.jkubelet.stats.kernel;

import dev.jkubelet.stats.ContainerSample.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a cgroup read from and wrote to block devices. */
final class BlockIo implements AutoCloseable {
  private static final byte[] READ = KernelText.word("Read");
  private static final byte[] WRITE = KernelText.word("Write");

  private final KernelFile bytes;
  private final KernelFile operations;
  private final boolean unified;

  private BlockIo(KernelFile bytes, KernelFile operations, boolean unified) {
    this.bytes = bytes;
    this.operations = operations;
    this.unified = unified;
  }

  /** Bandwidth limits count for every scheduler, and with all that is below where there is that. */
  static BlockIo v1(Path folder) {
    return new BlockIo(
        KernelFile.open(folder.resolve("blkio.throttle.io_service_bytes_recursive")),
        KernelFile.open(folder.resolve("blkio.throttle.io_serviced_recursive")),
        false);
  }

  static BlockIo v2(Path folder) {
    return new BlockIo(KernelFile.open(folder.resolve("io.stat")), KernelFile.none(), true);
  }

  List<Disk> read(KernelText text) {
    if (!bytes.read(text) || !text.nextLine()) {
      return List.of();
    }
    var counted = new Counted();
    if (unified) {
      do {
        counted.unified(text);
      } while (text.nextLine());
    } else {
      do {
        counted.line(text, 0, 1);
      } while (text.nextLine());
      if (operations.read(text)) {
        while (text.nextLine()) {
          counted.line(text, 2, 3);
        }
      }
    }
    return counted.disks();
  }

  @Override
  public void close() {
    bytes.close();
    operations.close();
  }

  /** By device number: bytes read and written, reads and writes. */
  private static final class Counted {
    private final Map<Long, long[]> byDevice = new TreeMap<>();

    /** {@code 8:16 Read 1234}; a last line of totals has no device. */
    void line(KernelText text, int read, int write) {
      if (text.hasNumber()) {
        var numbers = device(text);
        if (text.skipWord(READ)) {
          numbers[read] = text.number();
        } else if (text.skipWord(WRITE)) {
          numbers[write] = text.number();
        }
      }
    }

    /** {@code 8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0}. */
    void unified(KernelText text) {
      if (text.hasNumber()) {
        var numbers = device(text);
        for (int i = 0; i < numbers.length && text.skipPast('='); i++) {
          numbers[i] = text.number();
        }
      }
    }

    private long[] device(KernelText text) {
      long major = text.number();
      text.skipPast(':');
      return byDevice.computeIfAbsent(major << 32 | text.number(), _ -> new long[4]);
    }

    List<Disk> disks() {
      return byDevice.entrySet().stream()
          .map(
              entry -> {
                int major = (int) (entry.getKey() >>> 32);
                int minor = entry.getKey().intValue();
                var n = entry.getValue();
                return new Disk(
                    major, minor, BlockDevices.HOST.name(major, minor), n[0], n[1], n[2], n[3]);
              })
          .toList();
    }
  }
}
