package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.MovingClock;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BoundTokensTest {
  private static final PodKey POD = new PodKey("ns", "web", "uid-1");
  private static final Duration HOUR = Duration.ofHours(1);

  private final FakeObjects api = new FakeObjects();
  private final MovingClock clock = new MovingClock("2026-11-23T13:00:00Z");
  private final BoundTokens tokens = new BoundTokens(api, clock);

  @Test
  void asksForATokenThatIsBoundToThePod() {
    gives("one", HOUR);
    assertThat(get()).isEqualTo(new BoundToken("one", Instant.parse("2026-11-23T13:48:00Z")));

    var spec = api.tokenRequests.getFirst().getSpec();
    assertThat(spec.getAudiences()).containsExactly("vault");
    assertThat(spec.getExpirationSeconds()).isEqualTo(3600);
    assertThat(spec.getBoundObjectRef().getKind()).isEqualTo("Pod");
    assertThat(spec.getBoundObjectRef().getName()).isEqualTo("web");
    assertThat(spec.getBoundObjectRef().getUid()).isEqualTo("uid-1");
  }

  @Test
  void asksAgainOnceFourFifthsOfItsLifeAreOver() {
    gives("one", HOUR);
    get();
    gives("two", HOUR);
    clock.move(Duration.ofMinutes(47));
    assertThat(get().text()).isEqualTo("one");
    assertThat(api.tokenRequests).hasSize(1);

    clock.move(Duration.ofMinutes(1));
    assertThat(get().text()).isEqualTo("two");
  }

  @Test
  void asksAgainAfterADayHoweverLongATokenLives() {
    gives("one", Duration.ofDays(365));
    assertThat(get().renewAt()).isEqualTo("2026-11-24T13:00:00Z");
  }

  @Test
  void keepsTheOldOneWhileTheServerIsAwayUntilItExpires() {
    gives("one", HOUR);
    get();
    api.token = CompletableFuture.failedStage(new IllegalStateException("away"));
    clock.move(Duration.ofMinutes(50));
    assertThat(get()).isEqualTo(new BoundToken("one", Instant.parse("2026-11-23T13:50:10Z")));

    clock.move(Duration.ofMinutes(10));
    assertThatThrownBy(this::get).hasRootCauseMessage("away");
  }

  @Test
  void forgetsTheTokensOfPodsThatAreGone() {
    gives("one", HOUR);
    get();
    tokens.retain(Set.of("uid-1"));
    get();
    assertThat(api.tokenRequests).hasSize(1);

    tokens.release("uid-1");
    get();
    tokens.retain(Set.of());
    get();
    assertThat(api.tokenRequests).hasSize(3);
  }

  @Test
  void showsNobodyATokenByAccident() {
    assertThat(new BoundToken("precious", Instant.EPOCH).toString()).doesNotContain("precious");
  }

  private void gives(String token, Duration life) {
    api.token =
        CompletableFuture.completedStage(
            new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(life.toSeconds())
                .endSpec()
                .withNewStatus()
                .withToken(token)
                .withExpirationTimestamp(clock.instant().plus(life).toString())
                .endStatus()
                .build());
  }

  private BoundToken get() {
    return tokens.get(POD, "default", List.of("vault"), HOUR).toCompletableFuture().join();
  }
}
