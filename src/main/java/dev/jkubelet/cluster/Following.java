package dev.jkubelet.cluster;

/** Objects being followed, until closed. */
public interface Following extends AutoCloseable {
  @Override
  void close();
}
