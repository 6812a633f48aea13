package dev.jkubelet.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jkubelet.model.PodKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A runtime under test: one pod, programs for its containers, and the events of its life. */
public abstract class RuntimeFixture {
  /** What a container runs. */
  public record Program(String imageId, List<String> command) {}

  private static final ActorSystem STREAMS = ActorSystem.create("runtime-fixture");

  protected final PodKey pod =
      new PodKey("contract", "pod-" + UUID.randomUUID(), UUID.randomUUID().toString());

  /** Where the pod's logs are linked. */
  @TempDir protected Path logs;

  protected TestConfigs configs;
  private final BlockingQueue<RuntimeEvent> events = new LinkedBlockingQueue<>();
  private AutoCloseable eventStream;

  protected abstract ContainerRuntime runtime();

  /** Waits until the program in that container handles signals; nothing to wait for by default. */
  protected void awaitReady(String id) {}

  protected abstract String sandboxImage();

  /** A reference of an image that is here. */
  protected abstract String presentImage();

  protected abstract Program runsForever();

  protected abstract Program exits(int code);

  protected abstract Program ignoresTerm();

  protected abstract Program cannotStart();

  /** A command that writes what it reads, and ends when it has read all. */
  protected List<String> copies() {
    return List.of("cat");
  }

  /** A command that writes to both streams and ends with that code. */
  protected abstract List<String> says(String out, String err, int code);

  @BeforeEach
  void prepare() {
    configs = new TestConfigs(pod, sandboxImage(), logs);
    eventStream = runtime().events(events::add, _ -> {});
  }

  @AfterEach
  void cleanUp() throws Exception {
    eventStream.close();
    // Containers before the sandbox that they live in.
    for (var summary : get(runtime().list(pod.uid())).reversed()) {
      get(runtime().remove(summary.id()));
    }
  }

  protected static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, SECONDS);
    } catch (ExecutionException failure) {
      throw new AssertionError(failure.getCause().toString(), failure.getCause());
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  protected static Throwable failure(CompletionStage<?> stage) {
    return catchThrowable(() -> stage.toCompletableFuture().get(30, SECONDS)).getCause();
  }

  protected String sandbox() {
    return get(runtime().runSandbox(configs.sandbox(0)));
  }

  protected String created(String sandbox, Program program) {
    return get(runtime().createContainer(configs.container(sandbox, program)));
  }

  protected String started(String sandbox, Program program) {
    var id = created(sandbox, program);
    get(runtime().start(id));
    return id;
  }

  /** How a process went. */
  public record Result(String out, String err, OptionalInt code) {}

  /** Runs a command to its end, with that input. */
  protected Result run(String id, List<String> command, StandardStreams streams, String input) {
    var process = get(runtime().exec(id, command, streams));
    if (streams.stdin()) {
      get(process.write(ByteString.fromString(input)));
      get(process.endInput());
    }
    var output = get(process.output().runWith(Sink.seq(), STREAMS));
    var code = get(process.exitCode());
    process.close();
    return new Result(text(output, Output.Stream.STDOUT), text(output, Output.Stream.STDERR), code);
  }

  private static String text(List<Output> output, Output.Stream stream) {
    return output.stream()
        .filter(piece -> piece.stream() == stream)
        .map(piece -> piece.bytes().utf8String())
        .collect(Collectors.joining());
  }

  protected RuntimeEvent awaitEvent(String id, RuntimeEvent.Kind kind) {
    var deadline = Instant.now().plusSeconds(20);
    while (true) {
      var event = next(Duration.between(Instant.now(), deadline));
      assertThat(event).as("%s of %s", kind, id).isNotNull();
      if (event.containerId().equals(id) && event.kind() == kind) {
        return event;
      }
    }
  }

  private RuntimeEvent next(Duration within) {
    try {
      return events.poll(within.toMillis(), MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
