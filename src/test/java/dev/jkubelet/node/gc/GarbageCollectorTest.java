package dev.jkubelet.node.gc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.TestTime;
import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeRuntime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GarbageCollectorTest {
  private static final long IMAGE = 1_000_000;
  private static final long DISK = 10 * IMAGE;

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final TestTime time = new TestTime(kit);
  private final FakeRuntime engine = new FakeRuntime(time);
  private final TestProbe<Done> done = kit.createTestProbe();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile long free = DISK;

  @BeforeEach
  void images() {
    for (var name : List.of("pause:1", "app:1", "old:1", "older:1")) {
      engine.image(name, FakeBehaviour.runs());
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void freesTheDiskDownToTheLowThresholdOnceItIsTooFull() {
    collector();
    awaitImages("pause:1", "app:1", "old:1", "older:1");
    free = IMAGE;
    awaitImages("pause:1", "app:1", "older:1");
    assertThat(events).isEmpty();
  }

  @Test
  void saysWhenItCouldNotFreeEnough() {
    collector();
    free = -IMAGE;
    awaitImages("pause:1", "app:1");
    done.awaitAssert(
        () -> {
          assertThat(events)
              .contains(
                  "FreeDiskSpaceFailed: failed to garbage collect required amount of images. Wanted"
                      + " to free 3000000 bytes, but freed 2000000 bytes");
          return null;
        });
  }

  @Test
  void removesAllThatNobodyUsesWhenItIsToldSo() {
    var collector = collector();
    done.awaitAssert(
        () -> {
          time.pass(GarbageCollector.EVERY);
          collector.tell(new GarbageCollector.FreeAll(done.getRef()));
          done.receiveMessage();
          assertThat(tags()).containsExactlyInAnyOrder("pause:1", "app:1");
          return null;
        });
  }

  private ActorRef<GarbageCollector.Command> collector() {
    return kit.spawn(
        GarbageCollector.create(
            new GarbageCollector.Settings(85, 80, Duration.ofMinutes(2)),
            new GarbageCollector.Machine(
                engine,
                "pause:1",
                kit.spawn(node()),
                () -> CompletableFuture.completedStage(Optional.of(disk()))),
            (type, reason, message) -> events.add(reason + ": " + message),
            time));
  }

  /** Each image that goes leaves its room. */
  private Level disk() {
    return new Level(free + (4 - tags().size()) * IMAGE, DISK);
  }

  /** It has one pod, of the image {@code app:1}, that is yet to start. */
  private static Behavior<NodeActor.Command> node() {
    var pod = FakeMachine.pod("web", "uid-web", "{containers: [{name: main, image: 'app:1'}]}");
    return Behaviors.receiveMessage(
        command -> {
          if (command instanceof NodeActor.GetPods(var replyTo)) {
            replyTo.tell(List.of(new PodSnapshot(pod, Map.of())));
          }
          return Behaviors.same();
        });
  }

  private List<String> tags() {
    return engine.images().toCompletableFuture().join().stream()
        .flatMap(image -> image.tags().stream())
        .toList();
  }

  /** Round after round. */
  private void awaitImages(String... wanted) {
    done.awaitAssert(
        Duration.ofSeconds(20),
        () -> {
          time.pass(GarbageCollector.EVERY);
          assertThat(tags()).containsExactlyInAnyOrder(wanted);
          return null;
        });
  }
}
