package dev.jkubelet.server.cadvisor;

/** A request that gets an error for an answer; its message is the answer's body. */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  ApiError(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
