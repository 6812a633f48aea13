package dev.jkubelet.runtime.log;

import static java.util.concurrent.CompletableFuture.completedStage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;

/** Run by hand: how fast a log of 120-byte lines is read, in MB/s of what the container wrote. */
public final class LogThroughput {
  private static final int LINES = 2_000_000;
  private static final int ROUNDS = 8;

  private LogThroughput() {}

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    var file = Files.createTempFile("throughput", "-json.log");
    var system = ActorSystem.create();
    try {
      write(file);
      System.out.printf("%d lines, %d MB of file%n", LINES, Files.size(file) / 1_000_000);
      for (int i = 0; i < ROUNDS; i++) {
        measure("plain", file, LogOptions.everything(), system);
        measure("timestamps", file, Reading.timestamps(), system);
      }
    } finally {
      system.terminate();
      Files.delete(file);
    }
  }

  private static void write(Path file) throws IOException {
    try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int i = 0; i < LINES; i++) {
        var line =
            "%-119s".formatted("GET /api/v1/things/" + i + " \"curl\" 200").replace(' ', '.');
        out.write(JsonFileDriver.entry(line + "\n", JsonFileDriver.START.plusNanos(i)));
        out.write('\n');
      }
    }
  }

  private static void measure(String what, Path file, LogOptions options, ActorSystem system)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long bytes =
        ContainerLog.read(file, options, () -> completedStage(true))
            .runWith(
                Sink.<Long, org.apache.pekko.util.ByteString>fold(
                    0L, (sum, piece) -> sum + piece.size()),
                system)
            .toCompletableFuture()
            .get();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%-10s %6.0f MB/s%n", what, bytes / 1e6 / seconds);
  }
}
