package dev.jkubelet.image;

/** Credentials that can't be read; the message tells nothing of what they are. */
public final class BadDockerConfig extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadDockerConfig(String message) {
    super(message);
  }
}
