package dev.jkubelet.runtime.log;

import static dev.jkubelet.runtime.log.Reading.drain;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower gets when the log is rotated while it isn't looking. */
class LogRotationTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("id-json.log");
  }

  @Test
  void drainsTheRenamedFileBeforeTheNewOne() throws IOException {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 3, false);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("a\n");
      assertThat(drain(reader)).isEqualTo("a\n");
      driver.write("b\n");
      driver.rotate();
      driver.write("c\n");
      assertThat(drain(reader)).isEqualTo("b\nc\n");
      driver.write("d\n");
      assertThat(drain(reader)).isEqualTo("d\n");
    }
  }

  @Test
  void goesThroughSeveralRotationsInOrder() throws IOException {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 5, false);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("a\n");
      assertThat(drain(reader)).isEqualTo("a\n");
      for (var line : new String[] {"b\n", "c\n", "d\n", "e\n"}) {
        driver.write(line);
        driver.rotate();
      }
      driver.write("f\n");
      assertThat(drain(reader)).isEqualTo("b\nc\nd\ne\nf\n");
    }
  }

  @Test
  void goesOnWithTheOldestThereIsWhenItsOwnFileIsRotatedAway() throws IOException {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 3, false);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("a\n");
      assertThat(drain(reader)).isEqualTo("a\n");
      for (var line : new String[] {"b\n", "lost\n", "d\n", "e\n"}) {
        driver.write(line);
        driver.rotate();
      }
      driver.write("f\n");
      assertThat(drain(reader)).isEqualTo("b\nd\ne\nf\n");
    }
  }

  @Test
  void knowsItsFileAgainAfterItWasCompressed() throws IOException {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 5, true);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("before\n");
      driver.rotate();
      driver.write("same text\n");
      assertThat(drain(reader)).isEqualTo("before\nsame text\n");
      for (int i = 0; i < 3; i++) {
        driver.write("same text\n");
        driver.rotate();
      }
      driver.write("end\n");
      assertThat(drain(reader)).isEqualTo("same text\nsame text\nsame text\nend\n");
    }
  }

  @Test
  void waitsWhileNoFileHasTheName() throws IOException {
    try (var driver = JsonFileDriver.unbounded(file);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("a\n");
      assertThat(drain(reader)).isEqualTo("a\n");
      Files.move(file, folder.resolve("id-json.log.1"));
      driver.write("b\n");
      assertThat(drain(reader)).isEqualTo("b\n");
      Files.writeString(file, JsonFileDriver.entry("c\n", driver.now()) + "\n");
      assertThat(drain(reader)).isEqualTo("c\n");
    }
  }

  @Test
  void startsOverInAFileThatWasCut() throws IOException {
    // With max-file=1 Docker empties the file instead of renaming it.
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 1, false);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("a\n");
      driver.write("b\n");
      assertThat(drain(reader)).isEqualTo("a\nb\n");
      driver.rotate();
      driver.write("c\n");
      assertThat(drain(reader)).as("shorter than before").isEqualTo("c\n");
      driver.rotate();
      driver.write("c\n");
      driver.write("d\n");
      assertThat(drain(reader)).as("grown beyond what was read").isEqualTo("c\nd\n");
    }
  }

  @Test
  void readsOnInFilesThatAreRotatedAwayMeanwhile() throws IOException {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 3, false)) {
      for (int i = 0; i < 3; i++) {
        driver.rotate();
        driver.write("x".repeat(15_000).repeat(6) + i + "\n");
      }
      try (var reader = new LogReader(file, LogOptions.everything())) {
        var first = ((LogReader.Data) reader.read()).bytes().utf8String();
        for (int i = 0; i < 5; i++) {
          driver.rotate();
          driver.write("newer\n");
        }
        assertThat((first + drain(reader)).replace("x", "")).isEqualTo("0\n1\n2\n");
      }
    }
  }

  @Test
  void endsAfterWhatTheContainerWroteLast() throws IOException {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 3, false);
        var reader = new LogReader(file, Reading.following())) {
      driver.write("a\n");
      assertThat(drain(reader)).isEqualTo("a\n");
      assertThat(reader.read()).isInstanceOf(LogReader.CaughtUp.class);
      driver.write("b\n");
      driver.rotate();
      driver.write("c");
      reader.stopFollowing();
      assertThat(drain(reader)).isEqualTo("b\nc");
      assertThat(reader.read()).isEqualTo(new LogReader.End());
    }
  }
}
