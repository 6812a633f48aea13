package dev.jkubelet.app;

/**
 * The agent can't start: a flag, a field or the machine is not as it must be. The message is one
 * line that names the culprit and what was expected; {@link Main} prints it and exits with 1.
 */
public final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartFailure(String message) {
    super(message);
  }

  public StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
