package dev.jkubelet.server.auth;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds out who sent a request. */
@FunctionalInterface
public interface Authenticator {
  /** A failed stage counts as rejected. */
  CompletionStage<Authentication> authenticate(Credentials credentials);

  /** Takes everyone for {@link User#ANONYMOUS}. */
  static Authenticator anonymous() {
    return _ -> CompletableFuture.completedFuture(new Authentication.Known(User.ANONYMOUS));
  }

  /**
   * Each is asked until one knows the user: who shows a certificate that nobody vouches for may
   * still show a valid token. Rejected when none knows and one rejects, without an opinion when
   * none has one.
   */
  static Authenticator anyOf(List<Authenticator> authenticators) {
    return credentials -> ask(authenticators, credentials, new Authentication.NoOpinion());
  }

  /** Asks {@code last} only about those who showed nothing, not about those it rejected. */
  default Authenticator orElse(Authenticator last) {
    return credentials ->
        authenticate(credentials)
            .thenCompose(
                opinion ->
                    switch (opinion) {
                      case Authentication.NoOpinion _ -> last.authenticate(credentials);
                      case Authentication.Known _, Authentication.Rejected _ ->
                          CompletableFuture.completedFuture(opinion);
                    });
  }

  private static CompletionStage<Authentication> ask(
      List<Authenticator> authenticators, Credentials credentials, Authentication soFar) {
    if (authenticators.isEmpty()) {
      return CompletableFuture.completedFuture(soFar);
    }
    var rest = authenticators.subList(1, authenticators.size());
    return authenticators
        .getFirst()
        .authenticate(credentials)
        .exceptionally(failure -> new Authentication.Rejected(failure.toString()))
        .thenCompose(
            opinion ->
                switch (opinion) {
                  case Authentication.Known _ -> CompletableFuture.completedFuture(opinion);
                  case Authentication.NoOpinion _ -> ask(rest, credentials, soFar);
                  case Authentication.Rejected rejected ->
                      ask(rest, credentials, rejected.after(soFar));
                });
  }
}
