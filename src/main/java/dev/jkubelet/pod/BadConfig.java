package dev.jkubelet.pod;

/** A container's spec can't be carried out as it is; the message is for the container's status. */
final class BadConfig extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadConfig(String message) {
    super(message);
  }
}
