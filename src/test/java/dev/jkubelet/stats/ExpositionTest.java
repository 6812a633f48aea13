package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionTest {
  /** Left as Java writes it, right as the real kubelet's client library does. */
  @ParameterizedTest
  @CsvSource({
    "0,                      0",
    "-1,                     -1",
    "139264,                 139264",
    "999999,                 999999",
    "1000000,                1e+06",
    "1234567,                1.234567e+06",
    "9.6272384E7,            9.6272384e+07",
    "2.5276063744E10,        2.5276063744e+10",
    "1.795439946E9,          1.795439946e+09",
    "1.8446744073709552E19,  1.8446744073709552e+19",
    "0.0075570410000000005,  0.0075570410000000005",
    "1.0E-4,                 0.0001",
    "5.2299E-5,              5.2299e-05",
    "-2.5E-7,                -2.5e-07",
    "24.78,                  24.78",
    "0.1953125,              0.1953125",
    "NaN,                    NaN",
    "Infinity,               +Inf",
    "-Infinity,              -Inf",
  })
  void writesNumbersAsGoDoes(double value, String expected) {
    assertThat(Exposition.number(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 0",
    "10, 0",
    "999999, 0",
    "1000000, 0",
    "25276063744, 0",
    "1234567, 0",
    "3908301355016, 9",
    "195082690, 9",
    "1, 9",
    "99999, 9",
    "100000, 9",
    "114156, 9",
    "1000000000, 9",
    "2646902350350, 9",
    "999999999999999, 9",
    "1000000000000001, 9",
    "-1, 0",
    "999999999999999999, 9",
    "9223372036854771712, 0",
    "120, 2",
    "105, 2"
  })
  void writesDecimalsAsTheNumbersTheyStandFor(long unscaled, int scale) {
    assertThat(text(new Exposition(MetricsFormat.TEXT).decimal(unscaled, scale)))
        .isEqualTo(Exposition.number(unscaled / Math.pow(10, scale)));
  }

  @Test
  void escapesWhatWouldEndALabelOrALine() {
    var out =
        new Exposition(MetricsFormat.TEXT)
            .family("a_total", "counter", "Back\\slash, \"quotes\"\nand lines")
            .sample("a_total", 1, "path", "C:\\dir\n\"x\"", "word", "größe 😀");

    assertThat(text(out))
        .isEqualTo(
            """
            # HELP a_total Back\\\\slash, "quotes"\\nand lines
            # TYPE a_total counter
            a_total{path="C:\\\\dir\\n\\"x\\"",word="größe 😀"} 1
            """);
  }

  @Test
  void writesATimeAfterTheValueWhenOneIsGiven() {
    var out =
        new Exposition(MetricsFormat.TEXT).sampleAt("cores", 1_795_440_092_596L, 2, "id", "x");

    assertThat(text(out)).isEqualTo("cores{id=\"x\"} 2 1795440092596\n");
  }

  @Test
  void writesOpenMetricsWithTheSameSeries() {
    var out =
        new Exposition(MetricsFormat.OPEN_METRICS)
            .family("a_seconds_total", "counter", "Say \"a\"")
            .sampleAt("a_seconds_total", 1_795_440_092_006L, 1)
            .family("odd_events", "counter", "Odd")
            .sample("odd_events", 2)
            .family("b", "gauge", "B")
            .sample("b", 3);

    assertThat(text(out))
        .isEqualTo(
            """
            # HELP a_seconds Say \\"a\\"
            # TYPE a_seconds counter
            a_seconds_total 1 1795440092.006
            # HELP odd_events Odd
            # TYPE odd_events unknown
            odd_events 2
            # HELP b B
            # TYPE b gauge
            b 3
            # EOF
            """);
  }

  @Test
  void countsAnObservationInItsBucketAndAllAbove() {
    var histogram = new Histogram(new double[] {.5, 1, 2.5});
    histogram.observe(.5);
    histogram.observe(.75);
    histogram.observe(100);

    assertThat(text(new Exposition(MetricsFormat.TEXT).histogram("h", histogram, "a", "b")))
        .isEqualTo(
            """
            h_bucket{a="b",le="0.5"} 1
            h_bucket{a="b",le="1"} 2
            h_bucket{a="b",le="2.5"} 2
            h_bucket{a="b",le="+Inf"} 3
            h_sum{a="b"} 101.25
            h_count{a="b"} 3
            """);
  }

  @Test
  void growsWithWhatIsWritten() {
    var out = new Exposition(MetricsFormat.TEXT);
    for (int i = 0; i < 10_000; i++) {
      out.sample("a_rather_long_name_of_a_metric", i, "label", "value");
    }

    assertThat(text(out).lines()).hasSize(10_000).last().asString().endsWith(" 9999");
  }

  @Test
  void countsLabelsPastTheBoundTogether() {
    var family = Family.counter("c_total", "help", "who");
    for (int i = 0; i < Family.MOST_SERIES + 50; i++) {
      family.with("client-" + i).increment();
    }
    var out = new Exposition(MetricsFormat.TEXT);
    family.render(out);

    assertThat(text(out)).contains("c_total{who=\"client-0\"} 1\n", "c_total{who=\"other\"} 50\n");
    assertThat(text(out).lines()).hasSize(2 + Family.MOST_SERIES + 1);
  }

  private static String text(Exposition out) {
    return new String(out.bytes(), StandardCharsets.UTF_8);
  }
}
