package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImagesTest {
  private final ScriptedRegistry registry = new ScriptedRegistry();
  private final MovedClock clock = new MovedClock();
  private final Images images = new Images(registry.runtime(), 2, clock);
  private final List<PullEvent> events = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(
      value = PullPolicy.class,
      names = {"IF_NOT_PRESENT", "NEVER"})
  void takesAnImageThatIsHere(PullPolicy policy) {
    registry.local.put("busybox:latest", ScriptedRegistry.image("b"));

    assertThat(ensure("busybox", policy).join())
        .isEqualTo(new PullOutcome.Present(ScriptedRegistry.image("b"), false));
    assertThat(events)
        .containsExactly(
            new PullEvent(
                "Normal", "Pulled", "Container image \"busybox\" already present on machine"));
    assertThat(registry.begun).isEmpty();
  }

  @Test
  void pullsAnImageThatIsNotHere() {
    var outcome = ensure("busybox", PullPolicy.IF_NOT_PRESENT);
    clock.move(Duration.ofMillis(1200));
    registry.finish("busybox:latest");

    assertThat(outcome.join())
        .isEqualTo(new PullOutcome.Present(ScriptedRegistry.image("busybox:latest"), true));
    assertThat(events)
        .containsExactly(
            new PullEvent("Normal", "Pulling", "Pulling image \"busybox\""),
            new PullEvent("Normal", "Pulled", "Successfully pulled image \"busybox\" in 1.2s"));
  }

  @Test
  void tellsNowAndThenHowFarALongPullIs() {
    var outcome = ensure("busybox", PullPolicy.IF_NOT_PRESENT);
    for (int n = 1; n <= 70; n++) {
      clock.move(Duration.ofSeconds(1));
      registry.progress("busybox:latest", new PullProgress(n / 10, 7, n * 2_000_000L));
    }
    registry.finish("busybox:latest");

    assertThat(outcome.join()).isInstanceOf(PullOutcome.Present.class);
    assertThat(events)
        .extracting(PullEvent::message)
        .containsExactly(
            "Pulling image \"busybox\"",
            "Pulling image \"busybox\": 3 of 7 layers, 60 MB",
            "Pulling image \"busybox\": 6 of 7 layers, 120 MB",
            "Successfully pulled image \"busybox\" in 1m10s");
  }

  @Test
  void alwaysPullsWithPolicyAlways() {
    registry.local.put("busybox:latest", ScriptedRegistry.image("b"));

    wish("busybox", PullPolicy.ALWAYS);

    assertThat(registry.begun).containsExactly("busybox:latest");
  }

  @Test
  void neverPullsWithPolicyNever() {
    var message = "Container image \"not-here:1\" is not present with pull policy of Never";

    var outcome = ensure("not-here:1", PullPolicy.NEVER).join();

    assertThat(outcome).isEqualTo(new PullOutcome.ErrImageNeverPull(message));
    assertThat(((PullOutcome.Failed) outcome).reason()).isEqualTo("ErrImageNeverPull");
    assertThat(((PullOutcome.Failed) outcome).backsOff()).isFalse();
    assertThat(events).containsExactly(new PullEvent("Warning", "ErrImageNeverPull", message));
  }

  @Test
  void refusesANameThatIsNone() {
    var message =
        "Failed to apply default image tag \"a b\": couldn't parse image reference \"a b\": invalid"
            + " reference format";

    assertThat(ensure("a b", PullPolicy.IF_NOT_PRESENT).join())
        .isEqualTo(new PullOutcome.InvalidImageName(message));
    assertThat(events).containsExactly(new PullEvent("Warning", "InspectFailed", message));
  }

  @Test
  void saysThatTheEngineCouldNotLook() {
    registry.failInspect(new EngineException.TimedOut("no answer within 2 m", null));
    var message =
        "Failed to inspect image \"busybox\": rpc error: code = Unknown desc = no answer within 2"
            + " m";

    assertThat(ensure("busybox", PullPolicy.IF_NOT_PRESENT).join())
        .isEqualTo(new PullOutcome.ImageInspectError(message));
    assertThat(events).containsExactly(new PullEvent("Warning", "InspectFailed", message));
  }

  @Test
  void tellsWhyThePullFailedInTheEnginesWords() {
    var outcome = ensure("x:1", PullPolicy.IF_NOT_PRESENT);
    registry.fail("x:1", new EngineException.NotFound("manifest for x:1 not found", null));
    var why =
        "rpc error: code = Unknown desc = Error response from daemon: manifest for x:1 not found";

    assertThat(outcome.join()).isEqualTo(new PullOutcome.ErrImagePull(why));
    assertThat(events.getLast())
        .isEqualTo(new PullEvent("Warning", "Failed", "Failed to pull image \"x:1\": " + why));
  }

  @Test
  void tellsARegistryThatIsDownFromAnImageThatIsMissing() {
    var outcome = ensure("x:1", PullPolicy.IF_NOT_PRESENT);
    registry.fail(
        "x:1",
        new EngineException.Refused(
            "received unexpected HTTP status: 503 Service Unavailable", null));

    assertThat(outcome.join())
        .isEqualTo(
            new PullOutcome.RegistryUnavailable(
                "image pull failed for x:1 because the registry is unavailable."));
  }

  @Test
  void pullsAnImageOnceHoweverManyWaitAndHoweverTheyCallIt() {
    var first = ensure("busybox", PullPolicy.IF_NOT_PRESENT);
    var second = ensure("docker.io/library/busybox:latest", PullPolicy.IF_NOT_PRESENT);
    registry.finish("busybox:latest");

    assertThat(first.join()).isInstanceOf(PullOutcome.Present.class).isEqualTo(second.join());
    assertThat(registry.begun).containsExactly("busybox:latest");
    wish("busybox", PullPolicy.ALWAYS);
    assertThat(registry.begun).as("a later wish is a new pull").hasSize(2);
  }

  @Test
  void pullsSoManyAtATimeInTheOrderOfTheWishes() {
    for (var name : List.of("a", "b", "c", "d")) {
      wish(name, PullPolicy.IF_NOT_PRESENT);
    }
    assertThat(registry.begun).containsExactly("a:latest", "b:latest");

    registry.finish("b:latest");
    assertThat(registry.begun).containsExactly("a:latest", "b:latest", "c:latest");
    registry.fail("a:latest", new EngineException.Refused("no", null));
    assertThat(registry.begun).containsExactly("a:latest", "b:latest", "c:latest", "d:latest");
  }

  @Test
  void neverLetsAnImageThatIsHereWaitForPulls() {
    registry.local.put("here:1", ScriptedRegistry.image("here:1"));
    for (var name : List.of("hung-a", "hung-b", "queued")) {
      wish(name, PullPolicy.IF_NOT_PRESENT);
    }

    assertThat(ensure("here:1", PullPolicy.IF_NOT_PRESENT)).isCompleted();
  }

  @Test
  void letsAWaiterGoWithoutHurtingTheOthers() {
    var leaves = ensure("a", PullPolicy.IF_NOT_PRESENT);
    var stays = ensure("a", PullPolicy.IF_NOT_PRESENT);

    leaves.cancel(false);
    registry.finish("a:latest");

    assertThat(leaves).isCancelled();
    assertThat(stays.join()).isInstanceOf(PullOutcome.Present.class);
    assertThat(events)
        .extracting(PullEvent::reason)
        .containsExactly("Pulling", "Pulling", "Pulled");
  }

  @Test
  void doesNotBeginAPullThatNobodyWaitsForAnyMore() {
    wish("a", PullPolicy.IF_NOT_PRESENT);
    wish("b", PullPolicy.IF_NOT_PRESENT);
    ensure("left", PullPolicy.IF_NOT_PRESENT).cancel(false);
    wish("c", PullPolicy.IF_NOT_PRESENT);

    registry.finish("a:latest");

    assertThat(registry.begun).containsExactly("a:latest", "b:latest", "c:latest");
  }

  @Test
  void givesTheImageToAPodWhoseListenerFails() {
    var outcome =
        images
            .ensure(
                "a",
                "IfNotPresent",
                _ -> {
                  throw new IllegalStateException("deaf");
                })
            .toCompletableFuture();
    registry.finish("a:latest");

    assertThat(outcome.join()).isInstanceOf(PullOutcome.Present.class);
  }

  @Test
  void triesOneCredentialAfterTheOther() {
    var outcome = ensure("r.test/x:1", PullPolicy.ALWAYS, keyring("r.test/x", "r.test"));
    registry.fail("r.test/x:1", new EngineException.Refused("no", null));
    registry.finish("r.test/x:1");

    assertThat(outcome.join()).isInstanceOf(PullOutcome.Present.class);
    assertThat(registry.shown)
        .containsExactly(Optional.of(login("r.test/x")), Optional.of(login("r.test")));
  }

  @Test
  void tellsEveryRefusalOnce() {
    var outcome = ensure("r.test/x:1", PullPolicy.ALWAYS, keyring("r.test/x", "r.test", "*.test"));
    registry.fail("r.test/x:1", new EngineException.Refused("no", null));
    registry.fail("r.test/x:1", new EngineException.Refused("never", null));
    registry.fail("r.test/x:1", new EngineException.Refused("no", null));

    assertThat(outcome.join())
        .isEqualTo(
            new PullOutcome.ErrImagePull(
                "[rpc error: code = Unknown desc = Error response from daemon: no,"
                    + " rpc error: code = Unknown desc = Error response from daemon: never]"));
  }

  @Test
  void triesThePodsCredentialsBeforeTheNodes() {
    var images =
        new Images(
            registry.runtime(),
            1,
            clock,
            List.of(_ -> CompletableFuture.completedStage(keyring("*.test"))));
    var outcome =
        images.ensure(
            "r.test/x",
            PullPolicy.ALWAYS,
            () -> CompletableFuture.completedStage(keyring("r.test")),
            events::add);
    registry.fail("r.test/x:latest", new EngineException.Refused("no", null));

    assertThat(outcome.toCompletableFuture()).isNotDone();
    assertThat(registry.shown)
        .containsExactly(Optional.of(login("r.test")), Optional.of(login("*.test")));
  }

  @Test
  void givesNobodyAnImageOnAnothersCredentials() {
    wish("r.test/x", PullPolicy.ALWAYS);
    var _ = ensure("r.test/x", PullPolicy.ALWAYS, keyring("r.test"));

    assertThat(registry.shown).containsExactly(Optional.empty(), Optional.of(login("r.test")));
  }

  @Test
  void failsThePullForCredentialsThatCantBeRead() {
    var outcome =
        images.ensure(
            "r.test/x",
            PullPolicy.ALWAYS,
            () -> CompletableFuture.failedStage(new BadDockerConfig("expected JSON")),
            events::add);

    assertThat(outcome.toCompletableFuture().join())
        .isEqualTo(new PullOutcome.ErrImagePull("expected JSON"));
    assertThat(events.getLast())
        .isEqualTo(
            new PullEvent("Warning", "Failed", "Failed to pull image \"r.test/x\": expected JSON"));
    assertThat(registry.begun).isEmpty();
  }

  private static Keyring keyring(String... registries) {
    return new Keyring(
        List.of(new DockerConfig(Arrays.stream(registries).map(ImagesTest::login).toList())));
  }

  private static RegistryCredentials login(String registry) {
    return new RegistryCredentials(registry, "user", "pass");
  }

  @Test
  void readsPoliciesAsManifestsWriteThem() {
    assertThat(PullPolicy.of("IfNotPresent")).isEqualTo(PullPolicy.IF_NOT_PRESENT);
    assertThatThrownBy(() -> PullPolicy.of("always"))
        .hasMessage("imagePullPolicy: expected Always, IfNotPresent or Never, got \"always\"");
    assertThatThrownBy(() -> new Images(registry.runtime(), 0, clock))
        .hasMessage("parallel image pulls: expected 1 or more, got 0");
  }

  private CompletableFuture<PullOutcome> ensure(String image, PullPolicy policy) {
    return ensure(image, policy, Keyring.EMPTY);
  }

  private CompletableFuture<PullOutcome> ensure(String image, PullPolicy policy, Keyring keyring) {
    return images
        .ensure(image, policy, () -> CompletableFuture.completedStage(keyring), events::add)
        .toCompletableFuture();
  }

  /** For a pull whose end does not matter to the test. */
  private void wish(String image, PullPolicy policy) {
    var _ = ensure(image, policy);
  }

  private static final class MovedClock extends Clock {
    private Instant now = Instant.EPOCH;

    void move(Duration step) {
      now = now.plus(step);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
