package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({
    "100m, 100",
    "1, 1000",
    "0.5, 500",
    ".1, 100",
    "2., 2000",
    "1n, 1",
    "1u, 1",
    "1500u, 2",
    "0, 0",
    "1e3, 1000000",
    "1E-3, 1",
    "3k, 3000000"
  })
  void countsCpusInThousandthsRoundedUp(String text, long milli) {
    assertThat(Quantities.milliCpu(quantity(text))).isEqualTo(milli);
  }

  @ParameterizedTest
  @CsvSource({
    "64Mi, 67108864",
    "1Ki, 1024",
    "1.5Gi, 1610612736",
    "10G, 10000000000",
    "500m, 1",
    "1E, 1000000000000000000",
    "2Ei, 2305843009213693952",
    "1e3, 1000",
    "12E2, 1200",
    "-1500m, -2"
  })
  void countsBytesRoundedUp(String text, long bytes) {
    assertThat(Quantities.bytes(quantity(text))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8Ei", "1e9999", "9223372036854775808", "100000000000P"})
  void holdsWhatIsTooLargeAtTheLargestLong(String text) {
    assertThat(Quantities.bytes(quantity(text))).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void takesAnAbsentQuantityForZero() {
    assertThat(Quantities.bytes(null)).isZero();
    assertThat(Quantities.milliCpu(new Quantity())).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "1x", "1KiB", "1 Mi", "--1", "", ".", "1e", "1ee3", "0x10", "1e99999"})
  void namesWhatIsNoQuantity(String text) {
    assertThatThrownBy(() -> Quantities.bytes(quantity(text)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("expected");
  }

  @Test
  void isNotKeptBusyByAnExponent() {
    var cruel = quantity("1e9999");
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(2), () -> Quantities.milliCpu(cruel));
  }

  @Property
  void readsAnyLongAsItself(@ForAll @LongRange(min = 0) long value) {
    assertThat(Quantities.bytes(quantity(Long.toString(value)))).isEqualTo(value);
  }

  @Property
  void eitherReadsOrRefusesAnyText(@ForAll @StringLength(max = 80) String text) {
    try {
      Quantities.bytes(quantity(text));
    } catch (IllegalArgumentException refusal) {
      assertThat(refusal).hasMessageContaining("expected");
    }
  }

  /** Not by the model's parser, which splits as it likes. */
  private static Quantity quantity(String text) {
    return new Quantity(text, "");
  }
}
