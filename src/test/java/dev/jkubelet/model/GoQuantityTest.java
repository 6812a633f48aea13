package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The canonical forms are those of the API's own quantity. */
class GoQuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0Mi, 0",
    "1000m, 1",
    "0.5, 500m",
    "1.5, 1500m",
    "100m, 100m",
    "1000, 1k",
    "1024, 1024",
    "1024Mi, 1Gi",
    "1500Mi, 1500Mi",
    "0.5Gi, 512Mi",
    "0.5Ki, 512",
    "1Ki, 1Ki",
    "2000k, 2M",
    "1e3, 1e3",
    "1500e0, 1500e0",
    "15000e0, 15e3",
    "1E6, 1E6",
    "1E, 1E",
    "-1, -1",
    "+1, +1",
    "+1000, 1k",
    "007, 007",
    ".5, 500m",
    "5., 5.",
    "100u, 100u",
    "1.0000000001, 1000000001n",
    "1000E, 1000E",
  })
  void printsTheCanonicalForm(String text, String canonical) {
    assertThat(GoQuantity.parse(text).orElseThrow()).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "1 ", "one", "1KI", "1ki", "1mm", "1e", "1e1000", "--1", ".", "1.2.3", "1i"
      })
  void refusesWhatIsNoQuantity(String text) {
    assertThat(GoQuantity.parse(text)).isEmpty();
  }

  @Property
  void keepsTheNumber(
      @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long value) {
    for (var suffix : new String[] {"", "m", "k", "Ki", "Mi", "e3"}) {
      var quantity = GoQuantity.parse(value + suffix).orElseThrow().toModel();
      var again = GoQuantity.parse(quantity.toString()).orElseThrow();
      assertThat(again).hasToString(quantity.toString());
      var factor =
          switch (suffix) {
            case "m" -> new BigDecimal("0.001");
            case "k", "e3" -> new BigDecimal(1000);
            case "Ki" -> new BigDecimal(1024);
            case "Mi" -> new BigDecimal(1 << 20);
            default -> BigDecimal.ONE;
          };
      assertThat(quantity.getNumericalAmount())
          .isEqualByComparingTo(factor.multiply(BigDecimal.valueOf(value)));
    }
  }
}
