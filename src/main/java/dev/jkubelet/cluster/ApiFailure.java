package dev.jkubelet.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * Why the API server did not do what it was asked.
 *
 * <p>The status code and reason are those of {@code metav1.Status}; a server that could not be
 * reached, or did not answer in time, has code 0.
 */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;

  private final int code;
  private final String reason;
  private final Duration retryAfter;

  /**
   * @param retryAfter what the server asked for, zero when it asked for nothing
   */
  public ApiFailure(int code, String reason, String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  /** The HTTP status, 0 without an answer. */
  public int code() {
    return code;
  }

  /** Such as {@code AlreadyExists}; empty without an answer. */
  public String reason() {
    return reason;
  }

  /** How long the server wants to be left alone. */
  public Optional<Duration> retryAfter() {
    return retryAfter.isZero() ? Optional.empty() : Optional.of(retryAfter);
  }

  public boolean notFound() {
    return code == NOT_FOUND;
  }

  /** The object is another version than the one given, or exists already. */
  public boolean conflict() {
    return code == CONFLICT;
  }

  public boolean alreadyExists() {
    return conflict() && reason.equals("AlreadyExists");
  }

  /** The resource version asked for is too old: list again. */
  public boolean gone() {
    return code == GONE;
  }

  /** No answer, a server in trouble (5xx) or one that has too much to do (429). */
  public boolean passing() {
    return code == 0 || code == 429 || code >= 500;
  }
}
