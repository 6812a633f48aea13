package dev.jkubelet.server.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides whether a user may do what a request asks. */
@FunctionalInterface
public interface Authorizer {
  /** True when allowed; a failed stage is an error of the authorizer and allows nothing. */
  CompletionStage<Boolean> allows(User user, RequestAttributes attributes);

  /** {@code --authorization-mode=AlwaysAllow}. */
  static Authorizer alwaysAllow() {
    return (_, _) -> CompletableFuture.completedFuture(true);
  }

  /** Webhook mode with nobody to ask. */
  static Authorizer denyAll() {
    return (_, _) -> CompletableFuture.completedFuture(false);
  }
}
