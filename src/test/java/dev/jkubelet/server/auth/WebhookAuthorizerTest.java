package dev.jkubelet.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookAuthorizerTest {
  private static final User JANE =
      new User("jane", "u1", List.of("devs"), Map.of("scopes", List.of("all")));
  private static final Duration ALLOWED = Duration.ofMinutes(5);
  private static final Duration REFUSED = Duration.ofSeconds(30);

  private final FakeReviews api = new FakeReviews();
  private final SetClock clock = new SetClock();
  private final WebhookAuthorizer webhook =
      new WebhookAuthorizer(
          api,
          "node1",
          new WebhookAuthorizer.Lifetimes(ALLOWED, REFUSED),
          clock,
          new ReviewRetries(_ -> Runnable::run));

  @ParameterizedTest
  @CsvSource({
    "GET, /stats/summary, get, stats",
    "GET, /stats, get, stats",
    "GET, /statsx, get, proxy",
    "GET, /metrics/cadvisor, get, metrics",
    "GET, /logs/syslog, get, log",
    "GET, /spec/, get, spec",
    "GET, /pods, get, proxy",
    "POST, /exec/default/p/c, create, proxy",
    "GET, /containerLogs/default/p/c, get, proxy",
    "PUT, /x, update, proxy",
    "PATCH, /x, patch, proxy",
    "DELETE, /x, delete, proxy",
    "OPTIONS, /x, '', proxy",
  })
  void asksForTheNodesSubresource(String method, String path, String verb, String subresource) {
    var _ = webhook.allows(JANE, RequestAttributes.of(method, path));

    var spec = api.subjects.getFirst().getSpec();
    var resource = spec.getResourceAttributes();
    assertThat(spec.getUser()).isEqualTo("jane");
    assertThat(spec.getUid()).isEqualTo("u1");
    assertThat(spec.getGroups()).containsExactly("devs");
    assertThat(spec.getExtra()).isEqualTo(Map.of("scopes", List.of("all")));
    assertThat(
            List.of(
                resource.getVerb(),
                resource.getVersion(),
                resource.getResource(),
                resource.getSubresource(),
                resource.getName()))
        .containsExactly(verb, "v1", "nodes", subresource, "node1");
  }

  @Test
  void remembersWhatIsAllowedLongerThanWhatIsNot() {
    var _ = ask("/pods");
    api.answer(status(true, false));
    var _ = ask("/stats/");
    api.answer(status(false, false));

    clock.move(REFUSED);
    assertThat(ask("/pods")).isCompletedWithValue(true);
    assertThat(ask("/stats/")).isNotDone();
    api.answer(status(false, true));

    clock.move(ALLOWED);
    assertThat(ask("/pods")).isNotDone();
  }

  @Test
  void asksAboutEachUser() {
    var _ = ask("/pods");
    var _ = webhook.allows(new User("joe", List.of("devs")), RequestAttributes.of("GET", "/pods"));

    assertThat(api.subjects).hasSize(2);
  }

  @Test
  void remembersNothingOfOverlongRequests() {
    var path = "/" + "x".repeat(10_000);
    var _ = ask(path);
    api.answer(status(true, false));

    assertThat(ask(path)).isNotDone();
  }

  @Test
  void failsOnAContradiction() {
    var asked = ask("/pods");
    api.answer(status(true, true));

    assertThat(asked).isCompletedExceptionally();
  }

  @Test
  void failsWhenTheServerDoes() {
    var asked = ask("/pods");
    api.failSubject(new IllegalStateException("gone"));

    assertThat(asked).isCompletedExceptionally();
    assertThat(ask("/pods")).isNotDone();
  }

  private CompletableFuture<Boolean> ask(String path) {
    return webhook.allows(JANE, RequestAttributes.of("GET", path)).toCompletableFuture();
  }

  private static SubjectAccessReview status(boolean allowed, boolean denied) {
    return new SubjectAccessReviewBuilder()
        .withNewStatus()
        .withAllowed(allowed)
        .withDenied(denied)
        .endStatus()
        .build();
  }
}
