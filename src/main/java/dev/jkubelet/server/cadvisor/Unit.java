package dev.jkubelet.server.cadvisor;

import java.util.Locale;

/** What a figure on a page counts, and how a person reads it. */
enum Unit {
  CORES,
  BYTES,
  BYTES_PER_SECOND,
  COUNT;

  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  String text(long value) {
    return text((double) value);
  }

  /** With a unit and three digits at most; a dash for what is not known. */
  String text(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    return switch (this) {
      case CORES -> value < 0.0995 ? number(value * 1000) + " m" : number(value);
      case BYTES -> bytes(value);
      case BYTES_PER_SECOND -> bytes(value) + "/s";
      case COUNT -> String.format(Locale.ROOT, "%,.0f", value);
    };
  }

  private static String bytes(double value) {
    int power = 0;
    double scaled = value;
    while (scaled >= 1000 && power < BINARY.length - 1) {
      scaled /= 1024;
      power++;
    }
    return (power == 0 ? String.format(Locale.ROOT, "%.0f", scaled) : number(scaled))
        + " "
        + BINARY[power];
  }

  private static String number(double value) {
    int decimals = value >= 100 || value == 0 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
