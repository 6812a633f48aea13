package dev.jkubelet.runtime.log;

import static dev.jkubelet.runtime.log.Reading.all;
import static dev.jkubelet.runtime.log.Reading.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("id-json.log");
  }

  @Test
  void readsThroughALinkToTheLog() throws IOException {
    write("a\n", "b\n");
    var link = Files.createSymbolicLink(folder.resolve("0.log"), Path.of("id-json.log"));
    var linkToLink = Files.createSymbolicLink(folder.resolve("pod.log"), link);

    assertThat(all(linkToLink, LogOptions.everything())).isEqualTo("a\nb\n");
  }

  @Test
  void saysThatThereIsNoLogFile() {
    assertThatThrownBy(() -> all(file, LogOptions.everything()))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("id-json.log");
  }

  @Test
  void isTheSameWhereverTheFileEndsWhileItIsWritten() throws IOException {
    write("first <line>\n", "\"second\"\\\n", "é😀\n", "no newline");
    var bytes = Files.readAllBytes(file);
    var expected = "first <line>\n\"second\"\\\né😀\nno newline";
    for (int cut = 0; cut <= bytes.length; cut++) {
      Files.write(file, java.util.Arrays.copyOf(bytes, cut));
      try (var reader = new LogReader(file, Reading.following())) {
        var before = drain(reader);
        append(bytes, cut);
        assertThat(before + drain(reader)).as("cut after %d bytes", cut).isEqualTo(expected);
      }
    }
  }

  @Test
  void joinsEntriesAcrossTheEdgesOfItsBlocks() throws IOException {
    // Lines of all lengths around a block's: each edge falls elsewhere in an entry.
    var expected = new StringBuilder();
    try (var driver = JsonFileDriver.unbounded(file)) {
      for (int i = 0; i < 400; i++) {
        var line = "%d %s\n".formatted(i, "x\"\t".repeat(i * 13 % 5000));
        expected.append(line);
        driver.write(line);
      }
    }

    assertThat(all(file, LogOptions.everything())).isEqualTo(expected.toString());
  }

  @Test
  void givesBigPiecesAndNeverALineEach() throws IOException {
    try (var driver = JsonFileDriver.unbounded(file)) {
      for (int i = 0; i < 20_000; i++) {
        driver.write("a line of some forty bytes, number " + i + "\n");
      }
    }
    try (var reader = new LogReader(file, LogOptions.everything())) {
      int size = 0;
      while (reader.read() instanceof LogReader.Data(var bytes)) {
        assertThat(size).as("a piece before the last one").isIn(0, Math.max(size, 32 * 1024));
        size = bytes.size();
      }
    }
  }

  @Test
  void skipsWhatIsMalformedAndGoesOn() throws IOException {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
      driver.writeRaw("garbage\n\n{\"log\":\"torn{\"log\":\n");
      driver.writeRaw("{" + "x".repeat(3 * EntryWindow.MAX_ENTRY) + "\n");
      driver.write("b\n");
      driver.writeRaw("{\"log\":\"cut");
    }

    assertThat(all(file, LogOptions.everything())).isEqualTo("a\nb\n");
    assertThat(all(file, Reading.tail(2))).isEqualTo("a\nb\n");
    assertThat(all(file, Reading.tail(1))).isEqualTo("b\n");
  }

  @Test
  void takesALastEntryWithoutNewlineWhenItIsWhole() throws IOException {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
      driver.writeRaw(JsonFileDriver.entry("b\n", driver.now()));
    }

    assertThat(all(file, LogOptions.everything())).isEqualTo("a\nb\n");
  }

  @Test
  void stampsEachLineOnceWithNineDigits() throws IOException {
    var longLine = "x".repeat(2 * JsonFileDriver.PIECE) + "\n";
    write("a\n", longLine, "b\n");

    assertThat(all(file, Reading.timestamps()))
        .isEqualTo(
            "2026-11-23T12:45:25.000000001Z a\n"
                + "2026-11-23T12:45:25.000001011Z "
                + longLine
                + "2026-11-23T12:45:25.000004041Z b\n");
  }

  @Test
  void dropsLinesOlderThanSince() throws IOException {
    write("a\n", "b\n", "c\n");

    assertThat(all(file, Reading.since(JsonFileDriver.START))).isEqualTo("a\nb\nc\n");
    assertThat(all(file, Reading.since(JsonFileDriver.START.plusNanos(1)))).isEqualTo("b\nc\n");
    assertThat(all(file, Reading.since(JsonFileDriver.START.plusNanos(1010)))).isEqualTo("b\nc\n");
    assertThat(all(file, Reading.since(JsonFileDriver.START.plusSeconds(1)))).isEmpty();
  }

  @Test
  void endsAfterExactlySoManyBytes() throws IOException {
    write("line 0\n", "err 0\n");
    var everything = "line 0\nerr 0\n";
    for (int limit = 0; limit < everything.length() + 2; limit++) {
      assertThat(all(file, Reading.limit(limit)))
          .isEqualTo(everything.substring(0, Math.min(limit, everything.length())));
    }
  }

  @Test
  void endsAFollowerAtItsLimit() throws IOException {
    write("line 0\n");
    var options =
        new LogOptions(
            true,
            false,
            java.util.OptionalLong.empty(),
            java.util.OptionalLong.of(4),
            java.util.Optional.empty());
    try (var reader = new LogReader(file, options)) {
      assertThat(drain(reader)).isEqualTo("line");
      assertThat(reader.read()).isEqualTo(new LogReader.End());
    }
  }

  @Test
  void givesTheLastLinesOfAllFiles() throws IOException {
    var lines =
        IntStream.range(0, 60).mapToObj(i -> "line " + i + "\n").collect(Collectors.toList());
    // A line in three entries, of which two files have their part.
    lines.add(30, "y".repeat(2 * JsonFileDriver.PIECE + 10) + "\n");
    for (var compress : new boolean[] {false, true}) {
      var log = folder.resolve("compress-" + compress);
      try (var driver = new JsonFileDriver(log, 1200, 100, compress)) {
        for (var line : lines) {
          driver.write(line);
        }
      }
      var everything = all(log, LogOptions.everything());
      assertThat(everything).isEqualTo(String.join("", lines));
      for (int tail = 0; tail <= lines.size() + 1; tail++) {
        var from = Math.max(0, lines.size() - tail);
        assertThat(all(log, Reading.tail(tail)))
            .as("tail %d, compress %s", tail, compress)
            .isEqualTo(String.join("", lines.subList(from, lines.size())));
      }
    }
  }

  @Test
  void followsFromTheTail() throws IOException {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
      driver.write("b\n");
      var options =
          new LogOptions(
              true,
              false,
              java.util.OptionalLong.of(1),
              java.util.OptionalLong.empty(),
              java.util.Optional.empty());
      try (var reader = new LogReader(file, options)) {
        assertThat(drain(reader)).isEqualTo("b\n");
        driver.write("c\n");
        assertThat(drain(reader)).isEqualTo("c\n");
      }
    }
  }

  private void write(String... lines) throws IOException {
    try (var driver = JsonFileDriver.unbounded(file)) {
      for (var line : lines) {
        driver.write(line);
      }
    }
  }

  private void append(byte[] bytes, int from) throws IOException {
    var rest = new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1);
    Files.writeString(file, rest, StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);
  }
}
