package dev.jkubelet.image;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as Go prints them ({@code 350ms}, {@code 1.2s}, {@code 1m30.5s}), to the ms. */
final class GoDuration {
  private GoDuration() {}

  static String format(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis == 0) {
      return "0s";
    }
    if (millis < 1000) {
      return millis + "ms";
    }
    long hours = millis / 3_600_000;
    long minutes = millis / 60_000 % 60;
    var seconds = BigDecimal.valueOf(millis % 60_000, 3).stripTrailingZeros().toPlainString();
    var text = new StringBuilder();
    if (hours > 0) {
      text.append(hours).append('h');
    }
    if (hours > 0 || minutes > 0) {
      text.append(minutes).append('m');
    }
    return text.append(seconds).append('s').toString();
  }
}
