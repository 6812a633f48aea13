package dev.jkubelet.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
  private static final Authentication JANE = new Authentication.Known(new User("jane", List.of()));
  private static final Authentication NOTHING = new Authentication.NoOpinion();

  @Test
  void takesAValidTokenBesideACertificateOfAStranger() {
    assertThat(asked(says(rejected("a")), says(NOTHING), says(JANE))).isEqualTo(JANE);
  }

  @Test
  void tellsAllReasonsOfRejection() {
    assertThat(asked(says(rejected("a")), says(NOTHING), says(rejected("b"))))
        .isEqualTo(rejected("a; b"));
  }

  @Test
  void takesAFailureForARejection() {
    assertThat(asked(_ -> CompletableFuture.failedStage(new IllegalStateException("away"))))
        .isEqualTo(rejected("java.lang.IllegalStateException: away"));
  }

  @Test
  void takesForAnonymousOnlyWhoShowsNothing() {
    var anonymous = Authenticator.anonymous();

    assertThat(asked(Authenticator.anyOf(List.of()).orElse(anonymous)))
        .isEqualTo(new Authentication.Known(User.ANONYMOUS));
    assertThat(asked(says(rejected("a")).orElse(anonymous))).isEqualTo(rejected("a"));
    assertThat(asked(says(JANE).orElse(anonymous))).isEqualTo(JANE);
  }

  private static Authentication rejected(String reason) {
    return new Authentication.Rejected(reason);
  }

  private static Authenticator says(Authentication opinion) {
    return _ -> CompletableFuture.completedFuture(opinion);
  }

  private static Authentication asked(Authenticator... authenticators) {
    return Authenticator.anyOf(List.of(authenticators))
        .authenticate(new Credentials(List.of(), Optional.empty()))
        .toCompletableFuture()
        .join();
  }
}
