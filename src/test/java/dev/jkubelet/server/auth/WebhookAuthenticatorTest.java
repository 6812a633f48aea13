package dev.jkubelet.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.ApiFailure;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WebhookAuthenticatorTest {
  private static final Duration LIFETIME = Duration.ofMinutes(2);
  private static final TokenReview NO =
      new TokenReviewBuilder().withNewStatus().withAuthenticated(false).endStatus().build();
  private static final TokenReview YES =
      new TokenReviewBuilder()
          .withNewStatus()
          .withAuthenticated(true)
          .withNewUser()
          .withUsername("system:serviceaccount:default:app")
          .withUid("u1")
          .withGroups("system:serviceaccounts")
          .withExtra(Map.of("pod", List.of("a")))
          .endUser()
          .endStatus()
          .build();

  private final FakeReviews api = new FakeReviews();
  private final SetClock clock = new SetClock();
  private final List<Duration> pauses = new ArrayList<>();
  private final WebhookAuthenticator webhook =
      new WebhookAuthenticator(
          api,
          LIFETIME,
          clock,
          new ReviewRetries(
              pause -> {
                pauses.add(pause);
                return Runnable::run;
              }));

  @Test
  void knowsWhomTheApiServerKnows() {
    var asked = ask("secret");
    api.answer(YES);

    assertThat(api.tokens.getFirst().getSpec().getToken()).isEqualTo("secret");
    assertThat(asked)
        .isCompletedWithValue(
            new Authentication.Known(
                new User(
                    "system:serviceaccount:default:app",
                    "u1",
                    List.of("system:serviceaccounts", "system:authenticated"),
                    Map.of("pod", List.of("a")))));
  }

  @Test
  void hasNoOpinionWithoutAToken() {
    assertThat(
            webhook
                .authenticate(new Credentials(List.of(), Optional.empty()))
                .toCompletableFuture())
        .isCompletedWithValue(new Authentication.NoOpinion());
    assertThat(api.tokens).isEmpty();
  }

  @Test
  void remembersAYesAndANoForTheirTime() {
    for (var answer : List.of(YES, NO)) {
      int before = api.tokens.size();
      var first = ask("token" + before);
      api.answer(answer);
      clock.move(LIFETIME.minusMillis(1));
      assertThat(ask("token" + before)).isCompletedWithValue(first.join());
      assertThat(api.tokens).hasSize(before + 1);

      clock.move(Duration.ofMillis(1));
      assertThat(ask("token" + before)).isNotDone();
      api.answer(answer);
    }
  }

  @Test
  void forgetsARefusalThatMayBeTheServersTrouble() {
    var asked = ask("odd");
    api.answer(
        new TokenReviewBuilder(NO).editStatus().withError("etcd is away").endStatus().build());
    assertThat(asked).isCompletedWithValue(new Authentication.Rejected("etcd is away"));

    assertThat(ask("odd")).isNotDone();
  }

  @Test
  void asksOnceForAllWhoWait() {
    var first = ask("same");
    var second = ask("same");
    var other = ask("other");
    assertThat(api.tokens).hasSize(2);

    api.answer(YES);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(other).isNotDone();
  }

  @Test
  void asksAgainWhileTheServerIsInTrouble() {
    var asked = ask("x");
    for (int i = 0; i < 4; i++) {
      api.failToken(failure(500, Duration.ZERO));
    }
    assertThat(asked).isNotDone();
    api.answer(YES);

    assertThat(asked).isCompleted();
    assertThat(pauses).hasSize(4);
    assertBetween(pauses.get(0), 500, 600);
    assertBetween(pauses.get(1), 750, 900);
    assertBetween(pauses.get(2), 1125, 1350);
    assertBetween(pauses.get(3), 1687, 2025);
  }

  @Test
  void givesUpAfterTheFifthTryAndForgetsIt() {
    var asked = ask("x");
    for (int i = 0; i < 5; i++) {
      api.failToken(failure(0, Duration.ZERO));
    }

    assertThat(asked).isCompletedExceptionally();
    assertThat(ask("x")).isNotDone();
  }

  @Test
  void waitsAsLongAsTheServerWants() {
    var _ = ask("x");
    api.failToken(failure(429, Duration.ofSeconds(3)));

    assertThat(pauses).containsExactly(Duration.ofSeconds(3));
  }

  @Test
  void doesNotRepeatWhatIsForbidden() {
    var asked = ask("x");
    api.failToken(failure(403, Duration.ZERO));

    assertThat(asked).isCompletedExceptionally();
    assertThat(pauses).isEmpty();
  }

  private static void assertBetween(Duration pause, long from, long to) {
    assertThat(pause).isBetween(Duration.ofMillis(from), Duration.ofMillis(to));
  }

  private static ApiFailure failure(int code, Duration retryAfter) {
    return new ApiFailure(code, "", "trouble", retryAfter, null);
  }

  private CompletableFuture<Authentication> ask(String token) {
    return webhook
        .authenticate(new Credentials(List.of(), Optional.of(token)))
        .toCompletableFuture();
  }
}
