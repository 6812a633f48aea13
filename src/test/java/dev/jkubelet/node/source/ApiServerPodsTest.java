package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.Follower;
import dev.jkubelet.node.NodeActor.SetPods;
import dev.jkubelet.node.ScriptedPods;
import dev.jkubelet.node.mirror.MirrorPods;
import dev.jkubelet.stats.MovingClock;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the node is told of the API server's pods. */
class ApiServerPodsTest {
  private static final String SEEN = "kubernetes.io/config.seen";

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final MovingClock clock = new MovingClock("2026-11-23T13:00:00.25Z");
  private final ScriptedPods api = new ScriptedPods();
  private final TestProbe<SetPods> node = kit.createTestProbe();
  private final TestProbe<MirrorPods.SetMirrors> mirrors = kit.createTestProbe();
  private final List<Pod> alsoTold = new ArrayList<>();
  private ActorRef<ApiServerPods.Command> source;

  @BeforeEach
  void follow() {
    source =
        kit.spawn(ApiServerPods.create(api, listener(), clock, node.getRef(), mirrors.getRef()));
    node.awaitAssert(
        () -> {
          assertThat(api.follower()).isNotNull();
          return null;
        });
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void nothingBeforeTheApiServerHasToldOfAll() {
    node.expectNoMessage(Duration.ofMillis(50));
    mirrors.expectNoMessage(Duration.ofMillis(1));
  }

  @Test
  void allOfThemFirstAnnotatedWithTheirSource() {
    api.follower().listed(List.of(pod("a", "1")));

    var told = node.receiveMessage();

    assertThat(told.source()).isEqualTo("api");
    assertThat(told.pods().getFirst().getMetadata().getAnnotations())
        .containsEntry("kubernetes.io/config.source", "api")
        .containsEntry(SEEN, "2026-11-23T13:00:00.25Z");
    assertThat(mirrors.receiveMessage().all()).isEmpty();
  }

  @Test
  void anEmptyListIsAWordToo() {
    api.follower().listed(List.of());

    assertThat(node.receiveMessage().pods()).isEmpty();
  }

  @Test
  void aBurstOfChangesAsOne() {
    api.follower().listed(List.of());
    node.receiveMessage();
    for (int n = 0; n < 1000; n++) {
      api.follower().changed(pod("a", Integer.toString(n)));
    }

    time.timePasses(ApiServerPods.PAUSE);

    var told = node.receiveMessage();
    assertThat(told.pods().getFirst().getMetadata().getResourceVersion()).isEqualTo("999");
    time.timePasses(ApiServerPods.PAUSE);
    node.expectNoMessage(Duration.ofMillis(20));
  }

  @Test
  void aChangeAfterAQuietTimeAtOnce() {
    api.follower().listed(List.of());
    node.receiveMessage();
    time.timePasses(ApiServerPods.PAUSE);

    api.follower().changed(pod("a", "1"));

    assertThat(node.receiveMessage().pods()).hasSize(1);
  }

  @Test
  void whenAPodWasFirstSeenInAllItsVersions() {
    api.follower().listed(List.of(pod("a", "1")));
    node.receiveMessage();
    clock.move(Duration.ofMinutes(5));
    time.timePasses(ApiServerPods.PAUSE);

    api.follower().changed(pod("a", "2"));

    assertThat(node.receiveMessage().pods().getFirst().getMetadata().getAnnotations())
        .containsEntry(SEEN, "2026-11-23T13:00:00.25Z");
  }

  @Test
  void whoIsGoneButNotAPredecessorOfTheSameName() {
    api.follower().listed(List.of(pod("a", "1")));
    node.receiveMessage();
    time.timePasses(ApiServerPods.PAUSE);
    var successor =
        new PodBuilder(pod("a", "2")).editMetadata().withUid("uid-new").endMetadata().build();
    api.follower().changed(successor);
    assertThat(node.receiveMessage().pods().getFirst().getMetadata().getUid()).isEqualTo("uid-new");

    api.follower().deleted(pod("a", "1"));
    time.timePasses(ApiServerPods.PAUSE);
    assertThat(node.receiveMessage().pods()).hasSize(1);
    api.follower().deleted(successor);
    time.timePasses(ApiServerPods.PAUSE);

    assertThat(node.receiveMessage().pods()).isEmpty();
  }

  @Test
  void mirrorPodsKeptApart() {
    var mirror =
        new PodBuilder(pod("web-node1", "1"))
            .editMetadata()
            .addToAnnotations(MirrorPods.ANNOTATION, "abc")
            .endMetadata()
            .build();

    api.follower().listed(List.of(mirror, pod("a", "1")));

    assertThat(node.receiveMessage().pods())
        .extracting(p -> p.getMetadata().getName())
        .containsExactly("a");
    assertThat(mirrors.receiveMessage().all()).containsExactly(mirror);
    assertThat(alsoTold).hasSize(2);
  }

  @Test
  void nothingMoreOnceItIsStopped() {
    kit.stop(source);

    node.awaitAssert(
        () -> {
          assertThat(api.closed()).isTrue();
          return null;
        });
  }

  private static Pod pod(String name, String version) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("golden")
        .withName(name)
        .withUid("uid-" + name)
        .withResourceVersion(version)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private Follower<Pod> listener() {
    return new Follower<>() {
      @Override
      public void listed(List<Pod> all) {
        alsoTold.addAll(all);
      }

      @Override
      public void changed(Pod pod) {
        alsoTold.add(pod);
      }

      @Override
      public void deleted(Pod pod) {
        alsoTold.remove(pod);
      }
    };
  }
}
