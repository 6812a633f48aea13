package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.model.PodKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodLogsTest {
  @TempDir private Path temp;
  private Path flat;
  private PodLogs logs;

  @BeforeEach
  void open() throws IOException {
    flat = Files.createDirectory(temp.resolve("containers"));
    logs = new PodLogs(temp.resolve("pods"), flat);
  }

  @Test
  void makesThePodsFolderOnceAndForAll() throws IOException {
    var folder = logs.create(Pods.web().build());
    logs.create(Pods.web().build());

    assertThat(folder)
        .isEqualTo(temp.resolve("pods/golden_web-golden-node_a7af8e1e73df28a9daaeefcd1f2a5842"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void removesThePodsLinksDanglingOrNotAndNobodyElses() throws IOException {
    var engineLog = Files.writeString(temp.resolve("engine-json.log"), "line");
    var folder = logs.create(Pods.web().build());
    var run = Files.createDirectory(folder.resolve("httpd")).resolve("0.log");
    Files.createSymbolicLink(run, engineLog);
    Files.createSymbolicLink(flat.resolve("live.log"), run);
    Files.createSymbolicLink(flat.resolve("dangling.log"), folder.resolve("gone/1.log"));
    var others = flat.resolve("others.log");
    Files.createSymbolicLink(others, Path.of(folder + "x/httpd/0.log"));

    logs.remove(PodKey.of(Pods.web().build()));
    logs.remove(PodKey.of(Pods.web().build()));

    assertThat(folder).doesNotExist();
    try (var left = Files.list(flat)) {
      assertThat(left).containsExactly(others);
    }
    assertThat(Files.exists(others, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(engineLog).hasContent("line");
  }

  @Test
  void findsThePodsWhoseLogsTheEngineHasNoMore() throws IOException {
    assertThat(logs.leftovers()).isEmpty();
    var engineLog = Files.writeString(temp.resolve("engine-json.log"), "line");
    link("ns_gone_uid-1/main/0.log", temp.resolve("removed.log"));
    link("ns_lives_uid-2/init/0.log", temp.resolve("removed.log"));
    link("ns_lives_uid-2/main/0.log", engineLog);
    link("not-a-pods/main/0.log", temp.resolve("removed.log"));
    Files.createDirectories(temp.resolve("pods/ns_starts_uid-3"));

    assertThat(logs.leftovers()).containsExactly(new PodKey("ns", "gone", "uid-1"));
  }

  private void link(String log, Path target) throws IOException {
    var link = temp.resolve("pods").resolve(log);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
  }

  @Test
  void refusesNamesThatAreNoFileNames() {
    var pod = Pods.web().editMetadata().withName("../x").endMetadata().build();

    assertThatThrownBy(() -> logs.remove(PodKey.of(pod))).hasMessageContaining("metadata.name");
    var longest = Pods.web().editMetadata().withName("a".repeat(250)).endMetadata().build();
    assertThatThrownBy(() -> logs.create(longest)).hasMessageContaining("at most 255 characters");
  }
}
