package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.PodSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the API server hears that a pod is gone. */
class PodDeletionsTest {
  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final ScriptedPods api = new ScriptedPods();
  private final TestProbe<Object> watcher = kit.createTestProbe();
  private final List<PodSnapshot> written = new CopyOnWriteArrayList<>();
  private final PodSnapshot last = new PodSnapshot(ApiNode.pod("a"), Map.of());

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void onlyOnceItsLastStatusIsWritten() {
    var status = new CompletableFuture<Void>();
    var deletions = start(_ -> status);
    deletions.tell(new PodDeletions.Delete(last));
    quiet();
    assertThat(api.deletions()).isEmpty();

    status.complete(null);

    awaitDeletions(1);
    var deletion = api.deletions().getFirst();
    assertThat(deletion.pod().uid()).isEqualTo("uid-a");
    assertThat(deletion.grace()).isEqualTo(Duration.ZERO);
  }

  @Test
  void againAndAgainUntilItIsHeard() {
    api.failNext(2);
    start(this::written).tell(new PodDeletions.Delete(last));
    awaitDeletions(1);

    time.timePasses(Duration.ofSeconds(1));
    awaitDeletions(2);
    time.timePasses(Duration.ofSeconds(2));
    awaitDeletions(3);
    time.timePasses(Duration.ofMinutes(10));
    quiet();

    assertThat(api.deletions()).hasSize(3);
  }

  @Test
  void evenWhenItsStatusCanNotBeWritten() {
    start(_ -> CompletableFuture.failedStage(new IllegalStateException("no")))
        .tell(new PodDeletions.Delete(last));

    for (int n = 0; n < 3; n++) {
      quiet();
      time.timePasses(Duration.ofSeconds(1 << n));
    }

    awaitDeletions(1);
  }

  @Test
  void onceHoweverOftenItIsTold() {
    var deletions =
        start(
            snapshot -> {
              written.add(snapshot);
              return new CompletableFuture<>();
            });
    deletions.tell(new PodDeletions.Delete(last));
    deletions.tell(new PodDeletions.Delete(last));

    quiet();

    assertThat(written).hasSize(1);
  }

  private CompletionStage<Void> written(PodSnapshot snapshot) {
    written.add(snapshot);
    return CompletableFuture.completedStage(null);
  }

  private ActorRef<PodDeletions.Command> start(FinalStatus status) {
    return kit.spawn(PodDeletions.create(api, status));
  }

  private void awaitDeletions(int count) {
    watcher.awaitAssert(
        () -> {
          assertThat(api.deletions()).hasSize(count);
          return null;
        });
    quiet();
  }

  /** Time for the actor to do what it would. */
  private void quiet() {
    watcher.expectNoMessage(Duration.ofMillis(50));
  }
}
