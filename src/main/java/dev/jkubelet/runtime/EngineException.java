package dev.jkubelet.runtime;

/**
 * Why the engine did not do what was asked. Messages are the engine's own, fit for an event or a
 * status.
 */
public abstract sealed class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private EngineException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The container or image does not exist. */
  public static final class NotFound extends EngineException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A name is taken, or the state forbids it (HTTP 409). */
  public static final class Conflict extends EngineException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Nobody listens at the engine's address, or the connection broke. */
  public static final class Unavailable extends EngineException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** No answer within the time limit; whether the engine acted is unknown. */
  public static final class TimedOut extends EngineException {
    private static final long serialVersionUID = 1L;

    public TimedOut(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The engine answered with an error of its own (bad request, server error, a registry's refusal).
   */
  public static sealed class Refused extends EngineException {
    private static final long serialVersionUID = 1L;

    public Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** There is no network yet to connect a sandbox to; none was made. */
  public static final class NetworkNotReady extends Refused {
    private static final long serialVersionUID = 1L;

    public NetworkNotReady(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
