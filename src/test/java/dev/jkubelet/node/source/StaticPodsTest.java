package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.NodeActor.SetPods;
import dev.jkubelet.runtime.BlockingCalls;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The actor on a real folder, where only inotify can tell it of changes in time. */
class StaticPodsTest {
  private static final Duration NEVER = Duration.ofHours(1);

  /** Far above the 100 ms that a change may take, for a loaded machine; far below the scans. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static ActorTestKit kit;

  @TempDir Path temp;

  private final List<ActorRef<StaticPods.Command>> sources = new ArrayList<>();

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void followsFilesThatComeChangeAndGo() throws Exception {
    var sink = source(temp);
    assertThat(next(sink)).isEmpty();
    write("a.yaml", pod("a", "one"));
    assertThat(next(sink)).containsExactly("a-node:one");
    write(
        "b.json",
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\"},"
            + "\"spec\":{\"containers\":[{\"name\":\"m\",\"image\":\"two\"}]}}");
    assertThat(next(sink)).containsExactly("a-node:one", "b-node:two");
    write("a.yaml", pod("a", "three"));
    assertThat(next(sink)).containsExactly("a-node:three", "b-node:two");
    Files.move(temp.resolve("b.json"), temp.resolve("b.off"));
    assertThat(next(sink)).containsExactly("a-node:three");
    Files.delete(temp.resolve("a.yaml"));
    assertThat(next(sink)).isEmpty();
  }

  /** Once in a few tries: a loaded machine is late at times, a source that waits always is. */
  @Test
  void seesAChangeWithinATenthOfASecond() throws Exception {
    var sink = source(temp);
    assertThat(next(sink)).isEmpty();
    var fastest = SOON;
    for (int n = 0; n < 30 && fastest.compareTo(Duration.ofMillis(100)) > 0; n++) {
      long written = System.nanoTime();
      write("a.yaml", pod("a", "image" + n));
      assertThat(next(sink)).containsExactly("a-node:image" + n);
      var took = Duration.ofNanos(System.nanoTime() - written);
      fastest = took.compareTo(fastest) < 0 ? took : fastest;
    }
    assertThat(fastest).isLessThanOrEqualTo(Duration.ofMillis(100));
  }

  @Test
  void takesAFileMovedIntoPlace() throws Exception {
    var sink = source(temp);
    assertThat(next(sink)).isEmpty();
    var draft = Files.writeString(temp.resolve(".a.yaml.tmp"), pod("a", "one"));
    Files.move(draft, temp.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(next(sink)).containsExactly("a-node:one");
  }

  @Test
  void costsNothingButItselfToWriteNonsense() throws Exception {
    write("a.yaml", pod("a", "one"));
    var sink = source(temp);
    assertThat(next(sink)).containsExactly("a-node:one");
    write("a.yaml", "kind: [");
    write("b.yaml", pod("b", "two"));
    assertThat(last(sink, 2)).containsExactly("a-node:one", "b-node:two");
  }

  @Test
  void sendsTheSameUidAgainForTheSameContent() throws Exception {
    write("a.yaml", pod("a", "one"));
    var first = source(temp).receiveMessage(SOON).pods().getFirst();
    var again = source(temp).receiveMessage(SOON).pods().getFirst();
    assertThat(again.getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
  }

  @Test
  void waitsForAFolderThatIsNotThereYet() throws Exception {
    var folder = temp.resolve("etc/kubernetes/manifests");
    var sink = source(folder);
    assertThat(next(sink)).isEmpty();
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("a.yaml"), pod("a", "one"));
    assertThat(next(sink)).containsExactly("a-node:one");
  }

  @Test
  void followsAFolderThatIsDeletedAndMadeAnew() throws Exception {
    var folder = Files.createDirectory(temp.resolve("manifests"));
    Files.writeString(folder.resolve("a.yaml"), pod("a", "one"));
    var sink = source(folder);
    assertThat(next(sink)).containsExactly("a-node:one");
    delete(folder);
    assertThat(next(sink)).isEmpty();
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("a.yaml"), pod("a", "two"));
    assertThat(next(sink)).containsExactly("a-node:two");
  }

  @Test
  void followsAFolderThatAnotherReplaces() throws Exception {
    var folder = Files.createDirectory(temp.resolve("manifests"));
    var sink = source(folder);
    assertThat(next(sink)).isEmpty();
    var other = Files.createDirectory(temp.resolve("other"));
    Files.writeString(other.resolve("a.yaml"), pod("a", "one"));
    Files.move(folder, temp.resolve("old"));
    Files.move(other, folder);
    assertThat(next(sink)).containsExactly("a-node:one");
    Files.writeString(folder.resolve("a.yaml"), pod("a", "two"));
    assertThat(next(sink)).containsExactly("a-node:two");
  }

  @Test
  void followsASingleFile() throws Exception {
    var file = temp.resolve("pod.manifest");
    var sink = source(file);
    assertThat(next(sink)).isEmpty();
    Files.writeString(file, pod("a", "one"));
    assertThat(next(sink)).containsExactly("a-node:one");
    Files.writeString(file, pod("a", "two"));
    assertThat(next(sink)).containsExactly("a-node:two");
    Files.delete(file);
    assertThat(next(sink)).isEmpty();
  }

  @Test
  void takesAFileWrittenInPiecesOnceItIsWhole() throws Exception {
    var sink = source(temp);
    assertThat(next(sink)).isEmpty();
    var file = temp.resolve("a.yaml");
    for (var piece : pod("a", "one").split("(?<= )", -1)) {
      Files.writeString(file, piece, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    assertThat(next(sink)).containsExactly("a-node:one");
    sink.expectNoMessage(Duration.ofMillis(200));
  }

  @AfterEach
  void stopSources() {
    sources.forEach(kit::stop);
  }

  private TestProbe<SetPods> source(Path path) {
    TestProbe<SetPods> sink = kit.createTestProbe();
    var calls = new BlockingCalls(4);
    var actor =
        kit.spawn(StaticPods.create(path, "node", NEVER, calls, Clock.systemUTC(), sink.getRef()));
    sources.add(actor);
    return sink;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(temp.resolve(name), text);
  }

  private static List<String> next(TestProbe<SetPods> sink) {
    var message = sink.receiveMessage(SOON);
    assertThat(message.source()).isEqualTo("file");
    return message.pods().stream().map(StaticPodsTest::shown).toList();
  }

  /** The set once it has so many pods: two writes may be seen together or one by one. */
  private static List<String> last(TestProbe<SetPods> sink, int pods) {
    var shown = next(sink);
    return shown.size() == pods ? shown : last(sink, pods);
  }

  private static String shown(Pod pod) {
    return pod.getMetadata().getName() + ":" + pod.getSpec().getContainers().getFirst().getImage();
  }

  private static String pod(String name, String image) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: m, image: %s}]}\n"
        .formatted(name, image);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
