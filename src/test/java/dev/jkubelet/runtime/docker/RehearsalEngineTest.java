package dev.jkubelet.runtime.docker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.runtime.RuntimeFixture;
import dev.jkubelet.runtime.StandardStreams;
import dev.jkubelet.runtime.TestConfigs;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole life of a pod is there to be rehearsed. */
class RehearsalEngineTest {
  private static final StandardStreams INTERACTIVE = new StandardStreams(true, true, false, false);

  @TempDir Path folder;

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, SECONDS);
  }

  @Test
  void letsPodsLiveAndDie() throws Exception {
    var socket = folder.resolve("engine.sock");
    var pod = new PodKey("default", "pod", "uid");
    var configs = new TestConfigs(pod, "pause:3.2", folder);
    var program = new RuntimeFixture.Program("sha256:" + "0".repeat(64), List.of());
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    var serving = Thread.ofVirtual().start(() -> serve(server, socket));
    try {
      while (!Files.exists(socket)) {
        Thread.onSpinWait();
      }
      var options = DockerOptions.of("unix://" + socket, Duration.ofSeconds(30));
      try (var runtime =
          DockerRuntime.connect(options, new BlockingCalls(8), OomKills.ofKernel())) {
        var events = new LinkedBlockingQueue<RuntimeEvent>();
        runtime.events(events::add, _ -> {});

        assertThat(get(runtime.image("any/image:1")).orElseThrow().tags()).contains("any/image:1");
        var sandbox = get(runtime.runSandbox(configs.sandbox(0)));
        var stays = get(runtime.createContainer(configs.container(sandbox, program)));
        get(runtime.start(stays));
        assertThat(get(runtime.inspect(stays)).state()).isEqualTo(ContainerState.RUNNING);
        try (var command = get(runtime.exec(stays, List.of("any"), INTERACTIVE))) {
          get(command.write(ByteString.fromString("x")));
          get(command.endInput());
          assertThat(get(command.exitCode())).hasValue(0);
        }
        var dies =
            get(runtime.createContainer(configs.container(sandbox, program, "dies", 0, Map.of())));
        get(runtime.start(dies));
        assertThat(get(runtime.inspect(dies)).state()).isEqualTo(ContainerState.EXITED);
        while (!told(events, dies, RuntimeEvent.Kind.DIE)) {}
        assertThat(get(runtime.list("uid"))).hasSize(3);
        get(runtime.stop(stays, Duration.ZERO));
        assertThat(get(runtime.inspect(stays)).state()).isEqualTo(ContainerState.EXITED);
        for (var id : List.of(dies, stays, sandbox)) {
          get(runtime.remove(id));
        }
        assertThat(get(runtime.list("uid"))).isEmpty();
      }
    } finally {
      server.close();
      serving.join();
    }
  }

  private static boolean told(
      LinkedBlockingQueue<RuntimeEvent> events, String id, RuntimeEvent.Kind kind)
      throws InterruptedException {
    var event = events.poll(30, SECONDS);
    assertThat(event).as("%s of %s", kind, id).isNotNull();
    return event.containerId().equals(id) && event.kind() == kind;
  }

  private static void serve(ServerSocketChannel server, Path socket) {
    try {
      RehearsalEngine.serve(server, socket);
    } catch (IOException _) {
      // closed by the test
    }
  }
}
