package dev.jkubelet.node.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.PodReport.Statics;
import dev.jkubelet.node.ScriptedPods;
import dev.jkubelet.node.ScriptedPods.Deletion;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mirrors of static pods, made, replaced and deleted. */
class MirrorPodsTest {
  private static final Node NODE =
      new NodeBuilder()
          .withNewMetadata()
          .withName("node1")
          .withUid("uid-node1")
          .endMetadata()
          .build();

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final ScriptedPods api = new ScriptedPods();
  private final TestProbe<Object> watcher = kit.createTestProbe();
  private final ActorRef<MirrorPods.Command> mirrors = kit.spawn(MirrorPods.create(api));

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  @Test
  void aPodWithoutOneGetsOneOwnedByItsNode() {
    knows(statics(pod("hash1")), Optional.of(NODE));

    awaitCreated(1);

    var mirror = api.created().getFirst();
    assertThat(mirror.getMetadata().getAnnotations())
        .containsEntry("kubernetes.io/config.mirror", "hash1")
        .containsEntry("kubernetes.io/config.hash", "hash1")
        .containsEntry("kubernetes.io/config.source", "file");
    assertThat(mirror.getMetadata().getUid()).isNull();
    var owner = mirror.getMetadata().getOwnerReferences().getFirst();
    assertThat(owner.getKind()).isEqualTo("Node");
    assertThat(owner.getName()).isEqualTo("node1");
    assertThat(owner.getUid()).isEqualTo("uid-node1");
    assertThat(owner.getController()).isTrue();
    assertThat(owner.getBlockOwnerDeletion()).isNull();
    assertThat(mirror.getSpec().getNodeName()).isEqualTo("node1");
  }

  @Test
  void noneIsMadeBeforeTheNodeIsThere() {
    knows(statics(pod("hash1")), Optional.empty());
    quiet();
    assertThat(api.created()).isEmpty();

    mirrors.tell(new MirrorPods.SetNode(Optional.of(NODE)));

    awaitCreated(1);
  }

  @Test
  void noneIsMadeBeforeTheApiServerHasToldWhichThereAre() {
    mirrors.tell(new MirrorPods.SetStatics(statics(pod("hash1"))));
    mirrors.tell(new MirrorPods.SetNode(Optional.of(NODE)));

    quiet();

    assertThat(api.created()).isEmpty();
  }

  @Test
  void oneThatSomebodyDeletedIsMadeAgain() {
    knows(statics(pod("hash1")), Optional.of(NODE));
    awaitCreated(1);
    mirrors.tell(new MirrorPods.SetMirrors(List.of(mirror("hash1", "uid-m"))));

    mirrors.tell(new MirrorPods.SetMirrors(List.of()));
    time.timePasses(Duration.ofSeconds(1));

    awaitCreated(2);
  }

  @Test
  void oneThatIsBeingDeletedIsDeletedAtOnceAndMadeAgain() {
    var leaving =
        new PodBuilder(mirror("hash1", "uid-m"))
            .editMetadata()
            .withDeletionTimestamp("2026-11-23T13:00:00Z")
            .endMetadata()
            .build();
    mirrors.tell(new MirrorPods.SetMirrors(List.of(leaving)));
    mirrors.tell(new MirrorPods.SetStatics(statics(pod("hash1"))));
    mirrors.tell(new MirrorPods.SetNode(Optional.of(NODE)));

    awaitCreated(1);

    assertThat(api.deletions()).extracting(d -> d.pod().uid()).containsExactly("uid-m");
  }

  @Test
  void oneOfAnotherManifestIsReplaced() {
    mirrors.tell(new MirrorPods.SetMirrors(List.of(mirror("hash1", "uid-m"))));
    mirrors.tell(new MirrorPods.SetNode(Optional.of(NODE)));
    mirrors.tell(new MirrorPods.SetStatics(statics(pod("hash2"))));

    awaitCreated(1);

    assertThat(api.deletions()).extracting(Deletion::grace).containsExactly(Duration.ZERO);
    assertThat(api.created().getFirst().getMetadata().getAnnotations())
        .containsEntry("kubernetes.io/config.mirror", "hash2");
  }

  @Test
  void oneWithoutAPodIsDeletedOnceEverySourceHasSpoken() {
    mirrors.tell(new MirrorPods.SetMirrors(List.of(mirror("hash1", "uid-m"))));
    mirrors.tell(new MirrorPods.SetNode(Optional.of(NODE)));
    mirrors.tell(new MirrorPods.SetStatics(new Statics(List.of(), Set.of(), false)));
    quiet();
    assertThat(api.deletions()).isEmpty();

    mirrors.tell(new MirrorPods.SetStatics(new Statics(List.of(), Set.of(), true)));

    awaitDeleted(1);
  }

  @Test
  void oneStaysUntilItsPodHasEnded() {
    mirrors.tell(new MirrorPods.SetMirrors(List.of(mirror("hash1", "uid-m"))));
    mirrors.tell(new MirrorPods.SetNode(Optional.of(NODE)));
    mirrors.tell(
        new MirrorPods.SetStatics(new Statics(List.of(), Set.of("golden/web-node1"), true)));
    quiet();
    assertThat(api.deletions()).isEmpty();

    mirrors.tell(new MirrorPods.SetStatics(new Statics(List.of(), Set.of(), true)));

    awaitDeleted(1);
  }

  @Test
  void aFailedCallIsTriedAgainEachTimeLater() {
    api.failNext(2);
    knows(statics(pod("hash1")), Optional.of(NODE));
    awaitCreated(1);

    time.timePasses(Duration.ofSeconds(1));
    awaitCreated(2);
    time.timePasses(Duration.ofSeconds(1));
    quiet();
    assertThat(api.created()).hasSize(2);
    time.timePasses(Duration.ofSeconds(1));

    awaitCreated(3);
  }

  private void knows(Statics statics, Optional<Node> node) {
    mirrors.tell(new MirrorPods.SetMirrors(List.of()));
    mirrors.tell(new MirrorPods.SetNode(node));
    mirrors.tell(new MirrorPods.SetStatics(statics));
  }

  private void awaitCreated(int count) {
    watcher.awaitAssert(
        () -> {
          assertThat(api.created()).hasSize(count);
          return null;
        });
    quiet();
  }

  private void awaitDeleted(int count) {
    watcher.awaitAssert(
        () -> {
          assertThat(api.deletions()).hasSize(count);
          return null;
        });
  }

  /** Time for the actor to do what it would. */
  private void quiet() {
    watcher.expectNoMessage(Duration.ofMillis(50));
  }

  private static Statics statics(Pod pod) {
    return new Statics(List.of(pod), Set.of(), true);
  }

  private static Pod pod(String hash) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("golden")
        .withName("web-node1")
        .withUid(hash)
        .addToAnnotations("kubernetes.io/config.hash", hash)
        .addToAnnotations("kubernetes.io/config.source", "file")
        .endMetadata()
        .withNewSpec()
        .withNodeName("node1")
        .endSpec()
        .build();
  }

  private static Pod mirror(String hash, String uid) {
    return new PodBuilder(pod(hash))
        .editMetadata()
        .withUid(uid)
        .addToAnnotations(MirrorPods.ANNOTATION, hash)
        .endMetadata()
        .build();
  }
}
