package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script in a folder of its own, with a JDK and a Maven that only tell how they were called.
 */
class BinStartTest {
  @TempDir Path home;

  @BeforeEach
  void copiesIt() throws IOException {
    for (var file : List.of("bin/start", "bin/jdk", "conf/jvm.options")) {
      Files.createDirectories(home.resolve(file).getParent());
      Files.copy(Path.of(file), home.resolve(file));
    }
    script("jdk/bin/java", "echo \"$@\"");
    Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    script("tools/mvn", "touch " + Files.createDirectory(home.resolve("target")) + "/jkubelet.jar");
  }

  @Test
  void becomesTheAgentWithTheFlagsItWasGiven() throws IOException {
    Files.createFile(home.resolve("target/jkubelet.jar"));

    var said = start("--version", "--node-ip", "a b");

    assertThat(said)
        .startsWith("@" + home.resolve("conf/jvm.options"))
        .contains("-jar " + home.resolve("target/jkubelet.jar") + " --version --node-ip a b\n")
        .doesNotContain("building");
  }

  @Test
  void buildsOnceWhenThereIsNoBuild() throws IOException {
    assertThat(start("--help")).startsWith("bin/start: building\n");
    assertThat(start("--help")).doesNotContain("building");
  }

  @Test
  void passesOverAJdkThatIsTooOld() throws IOException {
    Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"21.0.1\"\n");
    Files.createFile(home.resolve("target/jkubelet.jar"));

    // The one that the tests run on is found instead, and has nothing to run.
    assertThat(start("--help")).contains("Invalid or corrupt jarfile");
  }

  @Test
  void goesOnWithoutAClassCacheWhenNoneCanBeMade() throws IOException {
    Files.createFile(home.resolve("target/jkubelet.jar"));

    assertThat(start("--port=1"))
        .startsWith("bin/start: making the class cache, once per build\n")
        .contains("bin/start: no class cache: ")
        .endsWith(" --port=1\n")
        .doesNotContain("-XX:AOTCache=");
  }

  private String start(String... flags) throws IOException {
    var command = new ArrayList<>(List.of(home.resolve("bin/start").toString()));
    command.addAll(Arrays.asList(flags));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process
        .environment()
        .putAll(
            Map.of(
                "JAVA_HOME",
                home.resolve("jdk").toString(),
                "PATH",
                home.resolve("tools") + ":" + System.getenv("PATH")));
    return new String(process.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private void script(String name, String text) throws IOException {
    var file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
