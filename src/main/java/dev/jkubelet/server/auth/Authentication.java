package dev.jkubelet.server.auth;

/** What an authenticator makes of credentials. */
public sealed interface Authentication {
  /** They are valid. */
  record Known(User user) implements Authentication {}

  /** There are none of its kind; the next authenticator may know. */
  record NoOpinion() implements Authentication {}

  /** They are of its kind and not valid: their sender is not taken for anonymous. */
  record Rejected(String reason) implements Authentication {
    /** With the reason of an earlier one. */
    Rejected after(Authentication earlier) {
      return earlier instanceof Rejected(var first) ? new Rejected(first + "; " + reason) : this;
    }
  }
}
