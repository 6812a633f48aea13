package dev.jkubelet.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerEntryTest {
  private static final String REST = ",\"stream\":\"stdout\",\"time\":\"2026-11-23T12:45:25.5Z\"}";
  private final OutputBuffer out = new OutputBuffer(4096);

  @Property
  void givesBackAnyTextByteForByte(@ForAll String text, @ForAll @IntRange(max = 20) int shift) {
    var clean = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    var entry = JsonFileDriver.entry(clean, JsonFileDriver.START).getBytes(StandardCharsets.UTF_8);
    var placed = new byte[shift + entry.length];
    System.arraycopy(entry, 0, placed, shift, entry.length);
    var buffer = new OutputBuffer(entry.length);

    var wellFormed = new DockerEntry().decode(placed, shift, placed.length, buffer);

    assertThat(wellFormed).isTrue();
    assertThat(buffer.toByteString().toArray()).isEqualTo(clean.getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void takesNoEntryThatIsCutShort(@ForAll String text, @ForAll @IntRange(max = 1000) int cut) {
    var entry = JsonFileDriver.entry(text, JsonFileDriver.START).getBytes(StandardCharsets.UTF_8);
    var short_ = Arrays.copyOf(entry, entry.length - 1 - cut % entry.length);

    assertThat(new DockerEntry().decode(short_, 0, short_.length, new OutputBuffer(entry.length)))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "a\\n, 610a",
        "\\t\\r\\b\\f, 090d080c",
        "\\\"\\\\\\/, 225c2f",
        "\\u003cb\\u003E\\u0026, 3c623e26",
        "\\u00e9, c3a9",
        "\\u2028, e280a8",
        "\\ud83d\\ude00, f09f9880",
        "\\ud83dx, efbfbd78",
        "\\ude00, efbfbd",
        "\\ud83d\\ud83d\\ude00, efbfbdf09f9880",
        "\\ufffd, efbfbd",
        "\\u0000, 00",
        "\\u001b[0m, 1b5b306d",
      })
  void unescapes(String escaped, String hex) {
    assertThat(decode("{\"log\":\"" + escaped + "\"" + REST)).isTrue();
    assertThat(out.toByteString().toArray()).isEqualTo(java.util.HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"log\":\"x\",\"attrs\":{\"a\":\"}\\\"{\",\"b\":[1,{}]},\"time\":\"2026-11-23T12:45:25Z\"}",
        "{ \"time\" : \"2026-11-23T12:45:25Z\" , \"stream\":\"stderr\", \"log\" : \"x\" }\r",
        "{\"log\":\"x\",\"partial\":true,\"n\":-1.5e3,\"no\":null,\"time\":\"2026-11-23T12:45:25Z\"}",
      })
  void doesNotMindOtherFieldsAndOrders(String entry) {
    assertThat(decode(entry)).isTrue();
    assertThat(out.toByteString().utf8String()).isEqualTo("x");
  }

  @Test
  void takesAnEntryWithoutLogAsNothingWritten() {
    assertThat(decode("{\"stream\":\"stdout\",\"time\":\"2026-11-23T12:45:25Z\"}")).isTrue();
    assertThat(out.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "plain text",
        "[\"log\"]",
        "{\"log\":\"a\"}",
        "{\"log\":5,\"time\":\"2026-11-23T12:45:25Z\"}",
        "{\"log\":\"\\x\",\"time\":\"2026-11-23T12:45:25Z\"}",
        "{\"log\":\"\\u12g4\",\"time\":\"2026-11-23T12:45:25Z\"}",
        "{\"log\":\"a\" \"time\":\"2026-11-23T12:45:25Z\"}",
        "{\"log\":\"a\",\"time\":\"2026-11-23T12:45:25Z\"}x",
        "{\"log\":\"ab{\"log\":\"c\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-23T12:45:25Z\"}",
      })
  void refusesWhatIsNotAnEntry(String line) {
    assertThat(decode(line)).isFalse();
  }

  private boolean decode(String line) {
    var bytes = line.getBytes(StandardCharsets.UTF_8);
    return new DockerEntry().decode(bytes, 0, bytes.length, out);
  }
}
