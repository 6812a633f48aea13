package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.source.ManifestFiles.Content;
import dev.jkubelet.node.source.ManifestFiles.Scan;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StaticPodSetTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final ManifestReader READER = new ManifestReader("node");

  @Test
  void keepsTheLastGoodVersionOfAFileThatGoesWrong() {
    var good = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", pod("a"))), READER, NOW);
    assertThat(good.lines()).isEmpty();
    var wrong =
        good.set().with(files(Map.of("a.yaml", "kind: [", "b.yaml", pod("b"))), READER, LATER);
    assertThat(names(wrong.set().pods())).containsExactly("a-node", "b-node");
    assertThat(wrong.lines())
        .singleElement()
        .asString()
        .startsWith("/m/a.yaml:1:8: not YAML")
        .endsWith("(its last good version keeps running)");
  }

  @Test
  void complainsOncePerContent() {
    var first = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", "kind: Pod")), READER, NOW);
    assertThat(first.lines())
        .containsExactly("/m/a.yaml:1:1: apiVersion: expected v1, got nothing");
    var same = first.set().with(files(Map.of("a.yaml", "kind: Pod")), READER, NOW);
    assertThat(same.lines()).isEmpty();
    var changed = same.set().with(files(Map.of("a.yaml", "kind: Pod ")), READER, NOW);
    assertThat(changed.lines()).hasSize(1);
  }

  @Test
  void keepsTheVeryPodWhileItsMeaningStays() {
    var first = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", pod("a"))), READER, NOW);
    var again = first.set().with(files(Map.of("a.yaml", pod("a"))), READER, LATER);
    var commented = again.set().with(files(Map.of("a.yaml", "# new\n" + pod("a"))), READER, LATER);
    assertThat(again.set().pods().getFirst()).isSameAs(first.set().pods().getFirst());
    assertThat(commented.set().pods().getFirst()).isSameAs(first.set().pods().getFirst());
    assertThat(seen(commented.set().pods().getFirst())).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void takesAChangedPodForANewOne() {
    var first = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", pod("a"))), READER, NOW);
    var changed =
        first
            .set()
            .with(files(Map.of("a.yaml", pod("a").replace("image: b", "image: c"))), READER, LATER);
    var pod = changed.set().pods().getFirst();
    assertThat(pod.getMetadata().getUid())
        .isNotEqualTo(first.set().pods().getFirst().getMetadata().getUid());
    assertThat(seen(pod)).isEqualTo("2026-01-01T00:01:00Z");
  }

  @Test
  void keepsTheMomentOfAPodWhoseUidIsGiven() {
    var text = pod("a").replace("{name: a}", "{name: a, uid: mine}");
    var first = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", text)), READER, NOW);
    var changed =
        first
            .set()
            .with(files(Map.of("a.yaml", text.replace("image: b", "image: c"))), READER, LATER);
    var pod = changed.set().pods().getFirst();
    assertThat(pod.getSpec().getContainers().getFirst().getImage()).isEqualTo("c");
    assertThat(seen(pod)).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void letsTheFirstFileWinOverAnotherOfTheSamePod() {
    var both = files(Map.of("b.yaml", pod("web"), "a.yaml", pod("web")));
    var first = StaticPodSet.EMPTY.with(both, READER, NOW);
    assertThat(names(first.set().pods())).containsExactly("web-node");
    assertThat(first.lines())
        .containsExactly(
            "/m/b.yaml: metadata: ignored, since /m/a.yaml already gives pod default/web-node");
    assertThat(first.set().with(both, READER, LATER).lines()).isEmpty();
    var alone = first.set().with(files(Map.of("b.yaml", pod("web"))), READER, LATER);
    assertThat(names(alone.set().pods())).containsExactly("web-node");
  }

  @Test
  void keepsThePodThatRunsWhenAnEarlierFileClaimsItsName() {
    var first = StaticPodSet.EMPTY.with(files(Map.of("b.yaml", pod("web"))), READER, NOW);
    var both = files(Map.of("b.yaml", pod("web"), "a.yaml", pod("web")));
    var next = first.set().with(both, READER, LATER);
    assertThat(next.set().pods()).containsExactlyElementsOf(first.set().pods());
    assertThat(next.lines())
        .containsExactly(
            "/m/a.yaml: metadata: ignored, since /m/b.yaml already gives pod default/web-node");
    assertThat(next.set().with(both, READER, LATER).lines()).isEmpty();
  }

  @Test
  void letsTheFirstFileWinOverAnotherOfTheSameUid() {
    var a = pod("a").replace("{name: a}", "{name: a, uid: mine}");
    var b = pod("b").replace("{name: b}", "{name: b, uid: mine}");
    var next = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", a, "b.yaml", b)), READER, NOW);
    assertThat(names(next.set().pods())).containsExactly("a-node");
    assertThat(next.lines()).singleElement().asString().endsWith("already gives UID mine");
  }

  @Test
  void dropsThePodOfAFileThatIsGone() {
    var first = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", pod("a"))), READER, NOW);
    assertThat(first.set().with(files(Map.of()), READER, NOW).set().pods()).isEmpty();
    var missing = first.set().with(new Scan.Missing(Path.of("/m")), READER, NOW);
    assertThat(missing.set().pods()).isEmpty();
    assertThat(missing.lines()).containsExactly("/m: doesn't exist, so no static pods are wanted");
    assertThat(missing.set().with(new Scan.Missing(Path.of("/m")), READER, NOW).lines()).isEmpty();
  }

  @Test
  void keepsThePodOfAFileThatCannotBeReadNow() {
    var first = StaticPodSet.EMPTY.with(files(Map.of("a.yaml", pod("a"))), READER, NOW);
    var files = new TreeMap<Path, Content>();
    files.put(Path.of("/m/a.yaml"), new Content.Unreadable("permission denied"));
    files.put(Path.of("/m/README"), new Content.Ignored("no manifest"));
    var next = first.set().with(new Scan.Found(files), READER, LATER);
    assertThat(names(next.set().pods())).containsExactly("a-node");
    assertThat(next.lines())
        .containsExactly(
            "/m/README: ignored: no manifest", "/m/a.yaml: can't be read: permission denied");
    assertThat(next.set().with(new Scan.Found(files), READER, LATER).lines()).isEmpty();
  }

  @Test
  void saysWhatAValidManifestHasTooMuch() {
    var next =
        StaticPodSet.EMPTY.with(files(Map.of("a.yaml", pod("a") + "\nsize: big")), READER, NOW);
    assertThat(names(next.set().pods())).containsExactly("a-node");
    assertThat(next.lines()).containsExactly("/m/a.yaml:5:1: size: unknown field, ignored");
  }

  @Test
  void namesFileLineAndFieldOfAnInvalidPod() {
    var next =
        StaticPodSet.EMPTY.with(
            files(Map.of("a.yaml", pod("a").replace(", image: b", ""))), READER, NOW);
    assertThat(next.lines())
        .containsExactly("/m/a.yaml:4:21: spec.containers[0].image: Required value");
  }

  private static Scan files(Map<String, String> texts) {
    var files = new TreeMap<Path, Content>();
    texts.forEach(
        (name, text) ->
            files.put(
                Path.of("/m", name), new Content.Bytes(text.getBytes(StandardCharsets.UTF_8))));
    return new Scan.Found(files);
  }

  private static String pod(String name) {
    return "apiVersion: v1\nkind: Pod\nmetadata: {name: "
        + name
        + "}\nspec: {containers: [{name: a, image: b}]}";
  }

  private static List<String> names(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  private static String seen(Pod pod) {
    return pod.getMetadata().getAnnotations().get(StaticPod.CONFIG_SEEN);
  }
}
