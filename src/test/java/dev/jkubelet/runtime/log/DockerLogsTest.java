package dev.jkubelet.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real engine writes the logs. */
class DockerLogsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final String name = "jkubelet-logs-" + UUID.randomUUID();

  @AfterEach
  void removeContainer() {
    docker("rm", "-f", name);
  }

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void followsAcrossManyRotationsOfTinyFiles() throws Exception {
    assertThat(follow("max-size=10k", "max-file=3", 5_000, 50)).isEqualTo(lines(5_000));
  }

  @Test
  void followsAWriterAsFastAsTheEngineTakesIt() throws Exception {
    assertThat(follow("max-size=200k", "max-file=5", 20_000, 20_000)).isEqualTo(lines(20_000));
  }

  /** The engine throws lines away within milliseconds here: not all can be had. */
  @Test
  void keepsTheOrderAndRepeatsNothingWhereLinesAreThrownAwayFasterThanAnyoneReads()
      throws Exception {
    var numbers =
        follow("max-size=10k", "max-file=2", 20_000, 20_000)
            .lines()
            .map(line -> Integer.valueOf(line.substring("line ".length())))
            .toList();

    assertThat(numbers).isSorted().doesNotHaveDuplicates().endsWith(19_999);
  }

  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "line " + i + "\n").collect(joining());
  }

  /** What a follower gets of numbered lines, when the container pauses after every so many. */
  private String follow(String maxSize, String maxFile, int lines, int burst) throws Exception {
    create(
        new String[] {maxSize, maxFile},
        "until [ -e /go ]; do usleep 1000; done; i=0; while [ $i -lt "
            + (lines + " ]; do echo line $i; i=$((i+1)); [ $((i%" + burst + ")) -ne 0 ] ||")
            + " usleep 10000; done");
    docker("start", name);
    var log =
        ContainerLog.read(
                logFile(),
                Reading.following(),
                () -> CompletableFuture.supplyAsync(() -> isRunning()))
            .runWith(
                Sink.fold(new StringBuilder(), (text, b) -> text.append(b.utf8String())),
                KIT.system())
            .toCompletableFuture();
    docker("exec", name, "touch", "/go");
    return log.get(60, TimeUnit.SECONDS).toString();
  }

  @Test
  void readsWhatDockerItselfReadsFromRotatedAndCompressedFiles() throws Exception {
    create(
        new String[] {"max-size=30k", "max-file=4", "compress=true", "labels=tier"},
        "i=0; while [ $i -lt 900 ]; do echo \"<$i> & \\\"x\\\" é\"; i=$((i+1));"
            + " done; head -c 40000 /dev/zero | tr '\\0' y; printf '\\n\\377\\001end'");
    docker("start", "-a", name);

    var all = Reading.all(logFile(), LogOptions.everything());
    assertThat(all).isEqualTo(docker("logs", name));
    assertThat(all).endsWith("\n\uFFFD\u0001end").startsWith("<").hasSizeGreaterThan(45_000);
    assertThat(Reading.all(logFile(), Reading.tail(2)))
        .isEqualTo("y".repeat(40_000) + "\n\uFFFD\u0001end");
  }

  private void create(String[] logOptions, String script) {
    var options = Stream.of(logOptions).flatMap(o -> Stream.of("--log-opt", o));
    var arguments =
        Stream.of(
                Stream.of("create", "--name", name, "--label", "tier=}\"{", "--net", "none"),
                Stream.of("--log-driver", "json-file"),
                options,
                Stream.of("busybox:1.36", "sh", "-c", script))
            .flatMap(part -> part);
    var answer = docker(arguments.toArray(String[]::new));
    assertThat(answer)
        .as("the engine creates a container of busybox:1.36")
        .matches("[0-9a-f]{64}\n");
  }

  private Path logFile() {
    return Path.of(docker("inspect", "-f", "{{.LogPath}}", name).strip());
  }

  private boolean isRunning() {
    return docker("inspect", "-f", "{{.State.Running}}", name).strip().equals("true");
  }

  /** What the command says, errors included: by the engine that DOCKER_HOST names. */
  private static String docker(String... arguments) {
    try {
      var command = Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList();
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
