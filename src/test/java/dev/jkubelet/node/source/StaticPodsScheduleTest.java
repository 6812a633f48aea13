package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.NodeActor.SetPods;
import dev.jkubelet.node.source.ManifestFiles.Content;
import dev.jkubelet.node.source.ManifestFiles.Scan;
import dev.jkubelet.runtime.BlockingCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When it scans and when it sends, with scans and time in the test's hand. */
class StaticPodsScheduleTest {
  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final Duration QUIET = Duration.ofMillis(100);

  private final LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();
  private final Semaphore scans = new Semaphore(0);
  private final AtomicReference<Runnable> change = new AtomicReference<>();
  private final Semaphore closed = new Semaphore(0);
  private ActorTestKit kit;
  private ManualTime time;
  private TestProbe<SetPods> sink;
  private ActorRef<StaticPods.Command> actor;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create(ManualTime.config());
    time = ManualTime.get(kit.system());
    sink = kit.createTestProbe();
    var source =
        new StaticPods.Source(
            "/m",
            () -> {
              scans.release();
              return switch (answers.take()) {
                case Scan scan -> scan;
                case IOException failure -> throw failure;
                case Object other -> throw new AssertionError(other);
              };
            },
            onChange -> {
              change.set(onChange);
              return closed::release;
            });
    actor =
        kit.spawn(
            StaticPods.create(
                source, "node", EVERY, new BlockingCalls(4), Clock.systemUTC(), sink.getRef()));
    time.timePasses(Duration.ofMillis(1));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void scansAtOnceAndThenPeriodically() throws Exception {
    answers.add(files());
    assertThat(sink.receiveMessage().pods()).isEmpty();
    time.expectNoMessageFor(EVERY.minusMillis(10), sink);
    answers.add(files("a"));
    time.timePasses(Duration.ofMillis(10));
    assertThat(sink.receiveMessage().pods()).hasSize(1);
  }

  @Test
  void sendsTheWholeSetAgainAfterEachPeriodicScan() {
    answers.add(files("a", "b"));
    var first = sink.receiveMessage().pods();
    answers.add(files("a", "b"));
    time.timePasses(EVERY);
    var second = sink.receiveMessage().pods();
    assertThat(second).hasSize(2);
    assertThat(second.getFirst()).isSameAs(first.getFirst());
  }

  @Test
  void sendsNothingWhenAChangeChangesNothing() {
    answers.add(files("a"));
    sink.receiveMessage();
    answers.add(files("a"));
    change.get().run();
    sink.expectNoMessage(QUIET);
    answers.add(files("b"));
    change.get().run();
    assertThat(sink.receiveMessage().pods().getFirst().getMetadata().getName()).isEqualTo("b-node");
  }

  @Test
  void sendsNothingBeforeAScanHasSucceeded() {
    answers.add(new IOException("stale file handle"));
    sink.expectNoMessage(QUIET);
    answers.add(files("a"));
    change.get().run();
    assertThat(sink.receiveMessage().pods()).hasSize(1);
  }

  @Test
  void keepsTheSetWhenAScanFails() {
    answers.add(files("a"));
    sink.receiveMessage();
    answers.add(new IOException("stale file handle"));
    time.timePasses(EVERY);
    sink.expectNoMessage(QUIET);
  }

  @Test
  void scansOnceMoreForAllThatChangedDuringAScan() throws Exception {
    assertThat(scans.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
    for (var i = 0; i < 10; i++) {
      change.get().run();
    }
    answers.add(files());
    sink.receiveMessage();
    assertThat(scans.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
    answers.add(files("a"));
    assertThat(sink.receiveMessage().pods()).hasSize(1);
    assertThat(scans.tryAcquire(QUIET.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
  }

  @Test
  void stopsWatchingWhenItStops() throws Exception {
    answers.add(files());
    sink.receiveMessage();
    kit.stop(actor);
    assertThat(closed.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
  }

  private static Scan files(String... names) {
    var files = new TreeMap<Path, Content>();
    for (var name : names) {
      var text =
          "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: a, image: b}]}"
              .formatted(name);
      files.put(
          Path.of("/m", name + ".yaml"), new Content.Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }
    return new Scan.Found(files);
  }
}
