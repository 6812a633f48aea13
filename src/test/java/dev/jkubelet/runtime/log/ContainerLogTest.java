package dev.jkubelet.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("id-json.log");
  }

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void streamsTheLogAndEnds() throws Exception {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
      driver.write("b\n");
    }
    var asked = new AtomicInteger();

    var all =
        ContainerLog.read(
                file,
                LogOptions.everything(),
                () -> {
                  asked.incrementAndGet();
                  return completedStage(true);
                })
            .runFold(ByteString.emptyByteString(), ByteString::concat, KIT.system());

    assertThat(get(all).utf8String()).isEqualTo("a\nb\n");
    assertThat(asked).hasValue(0);
  }

  @Test
  void failsWithoutALogFile() {
    var all = follow(() -> completedStage(true)).pull();

    assertThat(all.toCompletableFuture())
        .failsWithin(SOON)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOf(java.nio.file.NoSuchFileException.class);
  }

  @Test
  void bringsANewLineWithinATenthOfASecond() throws Exception {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("0\n");
      var log = follow(() -> completedStage(true));
      assertThat(next(log)).isEqualTo("0\n");
      var fastest = Long.MAX_VALUE;
      for (int i = 1; i <= 5; i++) {
        var line = log.pull();
        long written = System.nanoTime();
        driver.write(i + "\n");
        assertThat(get(line).orElseThrow().utf8String()).isEqualTo(i + "\n");
        fastest = Math.min(fastest, System.nanoTime() - written);
      }
      // The fastest of a few, since other work on the machine may delay any one.
      assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(100));
      log.cancel();
    }
  }

  @Test
  void endsAtOnceWhenTheContainerHasEndedBefore() throws Exception {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("last words");
    }
    var log = follow(() -> completedStage(false));

    assertThat(next(log)).isEqualTo("last words");
    assertThat(get(log.pull())).isEmpty();
  }

  @Test
  void endsWithWhatWasWrittenWhileTheQuestionWasOpen() throws Exception {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
      var asked = new CompletableFuture<Void>();
      var answer = new CompletableFuture<Boolean>();
      var log =
          follow(
              () -> {
                asked.complete(null);
                return answer;
              });
      assertThat(next(log)).isEqualTo("a\n");
      var rest = log.pull();
      get(asked);
      driver.write("b\n");
      answer.complete(false);

      assertThat(get(rest).orElseThrow().utf8String()).isEqualTo("b\n");
      assertThat(get(log.pull())).isEmpty();
    }
  }

  @Test
  void goesOnWhenItCannotTellWhetherTheContainerRuns() throws Exception {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
      var asked = new CompletableFuture<Void>();
      var log =
          follow(
              () -> {
                asked.complete(null);
                throw new IllegalStateException("the engine is away");
              });
      assertThat(next(log)).isEqualTo("a\n");
      get(asked);
      driver.write("b\n");
      assertThat(next(log)).isEqualTo("b\n");
      Files.delete(file);
      assertThat(get(log.pull())).as("once the file is gone").isEmpty();
    }
  }

  @Test
  void closesItsFilesWhenTheReaderLeaves() throws Exception {
    try (var driver = JsonFileDriver.unbounded(file)) {
      driver.write("a\n");
    }
    var log = follow(() -> completedStage(true));
    assertThat(next(log)).isEqualTo("a\n");
    assertThat(openLogs()).isEqualTo(1);

    log.cancel();

    awaitThat(() -> openLogs() == 0);
  }

  @Test
  void closesItsFilesWhenItEnds() throws Exception {
    try (var driver = new JsonFileDriver(file, 10, 5, false)) {
      for (int i = 0; i < 4; i++) {
        driver.write(i + "\n");
      }
    }
    var all =
        ContainerLog.read(file, LogOptions.everything(), () -> completedStage(true))
            .runFold(ByteString.emptyByteString(), ByteString::concat, KIT.system());

    assertThat(get(all).utf8String()).isEqualTo("0\n1\n2\n3\n");
    awaitThat(() -> openLogs() == 0);
  }

  @Test
  void readsNoFurtherThanOnePieceAheadOfItsReader() throws Exception {
    try (var driver = new JsonFileDriver(file, Long.MAX_VALUE, 2, false)) {
      var line = "z".repeat(1023) + "\n";
      for (int i = 0; i < 2000; i++) {
        driver.write(line);
      }
      driver.rotate();
      driver.write("end\n");
      var log = follow(() -> completedStage(true));
      next(log);
      // Its two files are open as long as the first one isn't read to its end.
      assertThat(openLogs()).isEqualTo(2);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      assertThat(openLogs()).isEqualTo(2);
      log.cancel();
    }
  }

  @Test
  void losesAndRepeatsNothingBehindAFastWriterThatRotates() throws Exception {
    int lines = 30_000;
    var running = new AtomicBoolean(true);
    try (var driver = new JsonFileDriver(file, 20_000, 60, false)) {
      driver.write("line 0 of a container that writes a lot\n");
      var log =
          ContainerLog.read(file, Reading.following(), () -> completedStage(running.get()))
              .runWith(
                  Sink.fold(new StringBuilder(), (text, b) -> text.append(b.utf8String())),
                  KIT.system());
      var writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 1; i < lines; i++) {
                    driver.write("line " + i + " of a container that writes a lot\n");
                    if (i % 100 == 0) {
                      // 10 MB/s on disk: about 100 entries of 110 bytes in a millisecond.
                      LockSupport.parkNanos(1_000_000);
                    }
                  }
                } catch (IOException failure) {
                  throw new java.io.UncheckedIOException(failure);
                } finally {
                  running.set(false);
                }
              });
      writer.get(60, TimeUnit.SECONDS);

      var expected = new StringBuilder();
      for (int i = 0; i < lines; i++) {
        expected.append("line ").append(i).append(" of a container that writes a lot\n");
      }
      assertThat(get(log).toString()).isEqualTo(expected.toString());
    }
  }

  private SinkQueueWithCancel<ByteString> follow(Supplier<CompletionStage<Boolean>> isRunning) {
    return ContainerLog.read(file, Reading.following(), isRunning)
        .runWith(
            Sink.<ByteString>queue()
                .withAttributes(org.apache.pekko.stream.Attributes.inputBuffer(1, 1)),
            KIT.system());
  }

  private static String next(SinkQueueWithCancel<ByteString> log) throws Exception {
    return get(log.pull()).orElseThrow().decodeString(UTF_8);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** How many files of this test the process holds open for reading. */
  private long openLogs() {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(this::isReadingLog).count();
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  private boolean isReadingLog(Path descriptor) {
    try {
      var info = Files.readString(Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName()));
      return Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath())
          && info.matches("(?s).*flags:\\s+\\d*0\\n.*");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private static void awaitThat(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
