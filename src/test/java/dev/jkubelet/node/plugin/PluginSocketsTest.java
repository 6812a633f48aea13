package dev.jkubelet.node.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.volume.csi.CsiNodeClient;
import dev.jkubelet.volume.csi.PluginRegistration.Registered;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginSocketsTest {
  private static final Duration LITTLE = Duration.ofMillis(50);

  @TempDir private Path dir;
  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<String> told = kit.createTestProbe();
  private final Map<Path, String> broken = new ConcurrentHashMap<>();
  private Runnable onChange;

  private final PluginSockets.Registrar registrar =
      new PluginSockets.Registrar() {
        @Override
        public Registered register(Path socket) throws IOException {
          var name = socket.getFileName().toString();
          var failure = broken.get(socket);
          told.getRef().tell("register " + name);
          if (failure != null) {
            throw new IOException(failure);
          }
          return new Registered(name, new CsiNodeClient(null));
        }

        @Override
        public void deregister(Registered plugin) {
          told.getRef().tell("deregister " + plugin.driver());
        }
      };

  @AfterEach
  void shutdown() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void leaveOneFromBefore() throws IOException {
    listen("old");
  }

  private ActorRef<PluginSockets.Command> start() {
    return kit.spawn(
        PluginSockets.create(
            new PluginSockets.Folder(
                new PluginFolder(dir),
                listener -> {
                  onChange = listener;
                  return () -> {};
                }),
            registrar,
            new BlockingCalls(4)));
  }

  @Test
  void registersThoseThatAreThereAndThoseThatComeAndForgetsThoseThatGo() throws IOException {
    start();
    time.timePasses(Duration.ofMillis(1));
    told.expectMessage("register old");
    listen("new");
    onChange.run();
    told.expectMessage("register new");
    Files.delete(dir.resolve("old"));
    onChange.run();
    told.expectMessage("deregister old");
  }

  @Test
  void registersAnewWhatWasStartedAnew() throws IOException {
    start();
    time.timePasses(Duration.ofMillis(1));
    told.expectMessage("register old");
    Files.delete(dir.resolve("old"));
    listen("old");
    onChange.run();
    assertThat(told.receiveSeveralMessages(2))
        .containsExactlyInAnyOrder("deregister old", "register old");
  }

  @Test
  void triesOneThatFailsEverMoreRarelyAndKeepsNobodyWaiting() throws IOException {
    broken.put(dir.resolve("old"), "nobody there");
    start();
    time.timePasses(Duration.ofMillis(1));
    told.expectMessage("register old");
    listen("new");
    onChange.run();
    told.expectMessage("register new");
    retried(Duration.ofMillis(500));
    retried(Duration.ofSeconds(1));
    broken.clear();
    retried(Duration.ofSeconds(2));
    Files.delete(dir.resolve("old"));
    onChange.run();
    told.expectMessage("deregister old");
  }

  /**
   * Later than after half of the delay, as it was before, and after all of it at the latest: a
   * timer that is set while time passes counts from where that began.
   */
  private void retried(Duration delay) {
    told.expectNoMessage(LITTLE);
    time.timePasses(delay.multipliedBy(6).dividedBy(10));
    told.expectNoMessage(LITTLE);
    time.timePasses(delay.multipliedBy(4).dividedBy(10).plusMillis(1));
    told.expectMessage("register old");
  }

  private void listen(String name) throws IOException {
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(dir.resolve(name)));
    }
  }
}
