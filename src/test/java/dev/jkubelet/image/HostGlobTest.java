package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostGlobTest {
  @ParameterizedTest
  @CsvSource({
    "abc, abc, true",
    "'', '', true",
    "'', a, false",
    "abc, abcd, false",
    "*, '', true",
    "*c, abc, true",
    "a*, ab, true",
    "a*b*c, axxbyybzc, true",
    "a*b*c, axxbyybz, false",
    "ab[b-d], abc, true",
    "ab[e-g], abc, false",
    "ab[^c], abc, false",
    "ab[^e-g], abc, true",
    "[-], -, true",
    "[a-, a, false",
    "a\\*b, a*b, true",
    "a\\*b, ab, false",
    "a\\, a, false",
  })
  void matchesAsGoDoes(String pattern, String text, boolean matches) {
    assertThat(HostGlob.matches(pattern, text)).isEqualTo(matches);
  }

  @Test
  void isNotHeldUpByManyStars() {
    assertThat(HostGlob.matches("*a".repeat(5_000) + "b", "a".repeat(10_000))).isFalse();
  }
}
