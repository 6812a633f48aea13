package dev.jkubelet.stats.kernel;

import java.util.Arrays;
import java.util.stream.Stream;

/** Picks numbers out of a file of lines {@code key number}, as {@code memory.stat} is. */
final class KeyedNumbers {
  private final byte[][] keys;

  KeyedNumbers(String... keys) {
    this.keys = Stream.of(keys).map(KernelText::word).toArray(byte[][]::new);
  }

  int size() {
    return keys.length;
  }

  /** Fills in each key's number, 0 for what is not there; false when the file can't be read. */
  boolean read(KernelFile file, KernelText text, long[] numbers) {
    if (!file.read(text)) {
      return false;
    }
    Arrays.fill(numbers, 0);
    while (text.nextLine()) {
      for (int i = 0; i < keys.length; i++) {
        if (text.skipWord(keys[i])) {
          numbers[i] = text.number();
          break;
        }
      }
    }
    return true;
  }
}
