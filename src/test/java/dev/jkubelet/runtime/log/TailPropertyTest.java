package dev.jkubelet.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TailPropertyTest {
  @Property(tries = 200)
  void isTheEndOfTheWholeLog(
      @ForAll("lines") List<String> lines,
      @ForAll @IntRange(max = 12) int tail,
      @ForAll @IntRange(min = 200, max = 40_000) int maxSize,
      @ForAll boolean compress)
      throws IOException {
    var folder = Files.createTempDirectory("tail");
    var file = folder.resolve("id-json.log");
    try (var driver = new JsonFileDriver(file, maxSize, 100, compress)) {
      for (var line : lines) {
        driver.write(line);
      }
    }

    var everything = Reading.all(file, LogOptions.everything());
    assertThat(everything).isEqualTo(String.join("", lines));
    assertThat(Reading.all(file, Reading.tail(tail))).isEqualTo(lastLines(everything, tail));
    delete(folder);
  }

  private static String lastLines(String text, int count) {
    var lines = new ArrayList<String>();
    for (int from = 0; from < text.length(); ) {
      int newline = text.indexOf('\n', from);
      int to = newline < 0 ? text.length() : newline + 1;
      lines.add(text.substring(from, to));
      from = to;
    }
    return String.join("", lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }

  /** Some longer than an entry; some writes end without newline, and the next goes on there. */
  @Provide
  Arbitrary<List<String>> lines() {
    var text = Arbitraries.strings().withChars("a\"\\<é\t").ofMaxLength(60);
    var longText = Arbitraries.integers().between(16_000, 70_000).map("z"::repeat);
    var line =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, text), net.jqwik.api.Tuple.of(1, longText));
    var end = Arbitraries.frequency(net.jqwik.api.Tuple.of(9, "\n"), net.jqwik.api.Tuple.of(1, ""));
    return net.jqwik.api.Combinators.combine(line, end).as(String::concat).list().ofMaxSize(30);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
