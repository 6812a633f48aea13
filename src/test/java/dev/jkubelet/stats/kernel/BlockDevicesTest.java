package dev.jkubelet.stats.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDevicesTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);
  @TempDir private Path folder;

  @Test
  void keepNoNameForLongerThanAMinute() throws IOException {
    var devices = new BlockDevices(folder, now::get);
    assertThat(devices.name(253, 3)).isEqualTo("253:3");
    Files.createSymbolicLink(folder.resolve("253:3"), Path.of("../../devices/virtual/block/dm-3"));
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(devices.name(253, 3)).as("a minute old").isEqualTo("253:3");

    now.incrementAndGet();
    assertThat(devices.name(253, 3)).isEqualTo("/dev/dm-3");

    Files.delete(folder.resolve("253:3"));
    assertThat(devices.name(253, 3)).as("known").isEqualTo("/dev/dm-3");
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(devices.name(253, 3)).as("gone").isEqualTo("253:3");
  }
}
