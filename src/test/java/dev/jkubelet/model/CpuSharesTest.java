package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuSharesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 2, 0",
    "1, 2, 1000",
    "50, 51, 5000",
    "100, 102, 10000",
    "200, 204, 20000",
    "1500, 1536, 150000"
  })
  void roundsAsTheKubeletDoes(long milli, long shares, long quota) {
    assertThat(CpuShares.milliCpuToShares(milli)).isEqualTo(shares);
    assertThat(CpuShares.milliCpuToQuota(milli, 100_000)).isEqualTo(quota);
  }
}
