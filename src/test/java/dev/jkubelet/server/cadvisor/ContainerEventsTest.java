package dev.jkubelet.server.cadvisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.OomKill;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happened to containers, for whom asks later and for whom follows. */
class ContainerEventsTest {
  private static final String GROUP = "/golden/kubepods/burstable";
  private static final String ALL = "all_events=true&subcontainers=true";
  private static final Instant NOW = Instant.parse("2026-11-23T13:30:00Z");

  private final ActorTestKit kit = ActorTestKit.create();
  private final ContainerEvents events = new ContainerEvents(InstantSource.fixed(NOW));

  @AfterEach
  void endsTheSystem() {
    kit.shutdownTestKit();
  }

  @Test
  void tellWhoCameAndWent() {
    events.look(node());
    events.look(node(GROUP));
    events.look(node());

    assertThat(types("/golden", ALL)).containsExactly("containerCreation", "containerDeletion");
    assertThat(types("/golden", "all_events=true")).isEmpty();
    assertThat(types(GROUP, "deletion_events=true")).containsExactly("containerDeletion");
    assertThat(types("/", ALL + "&max_events=1")).containsExactly("containerDeletion");
    assertThat(types("/", ALL + "&start_time=" + NOW)).isEmpty();
  }

  @Test
  void tellWhoseMemoryRanOut() {
    events.killed(new OomKill(GROUP + "/pod1", GROUP + "/pod1/c0ffee", "tail", 4711));

    assertThat(json(GROUP + "/pod1", "oom_events=true"))
        .isEqualTo(
            "[{\"container_name\":\""
                + GROUP
                + "/pod1\",\"timestamp\":\"2026-11-23T13:30:00Z\","
                + "\"event_type\":\"oom\",\"event_data\":{}}]");
    assertThat(json("/", "oom_kill_events=true&subcontainers=true"))
        .isEqualTo(
            "[{\"container_name\":\""
                + GROUP
                + "/pod1/c0ffee\",\"timestamp\":\"2026-11-23T13:30:00Z\",\"event_type\":\"oomKill\","
                + "\"event_data\":{\"oom\":{\"pid\":4711,\"process_name\":\"tail\"}}}]");
  }

  @Test
  void areToldAsTheyHappenToWhoFollowsUntilItLeaves() {
    events.look(node());
    events.look(node(GROUP));
    var client = follow("/golden");
    var next = client.pull().toCompletableFuture();

    events.look(node());

    assertThat(next.orTimeout(10, TimeUnit.SECONDS).join().orElseThrow().utf8String())
        .startsWith("{\"container_name\":\"" + GROUP + "\",")
        .endsWith("\"event_type\":\"containerDeletion\",\"event_data\":{}}\n");
    assertThat(events.followers()).isEqualTo(1);
    client.cancel();
    eventually(() -> assertThat(events.followers()).isZero());
  }

  @Test
  void waitForNobodyWhoDoesNotReadThem() {
    var slow = follow("/");
    events.look(node());
    for (int i = 0; i < 500; i++) {
      events.look(i % 2 == 0 ? node(GROUP) : node());
    }

    assertThat(types("/", ALL + "&max_events=0")).hasSize(500);
    var taken = 0;
    var next = slow.pull().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS);
    while (next.handle((_, failure) -> failure == null).join()) {
      taken++;
      next = slow.pull().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS);
    }
    assertThat(taken).isLessThan(500);
    assertThat(next)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining("the client is too slow");
    eventually(() -> assertThat(events.followers()).isZero());
  }

  private SinkQueueWithCancel<ByteString> follow(String container) {
    return events
        .follow(EventRequest.parse(container, query(ALL)))
        .runWith(Sink.queue(), kit.system());
  }

  private void eventually(Runnable assertion) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(10),
            () -> {
              assertion.run();
              return null;
            });
  }

  private List<String> types(String container, String query) {
    return RecordedNode.json(json(container, query)).findValuesAsText("event_type");
  }

  private String json(String container, String query) {
    return events.json(EventRequest.parse(container, query(query))).utf8String();
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (var pair : raw.split("&", -1)) {
      var parts = pair.split("=", 2);
      query.put(parts[0], parts[1]);
    }
    return query;
  }

  /** The machine and those cgroups. */
  private static NodeSnapshot node(String... paths) {
    var info = RecordedNode.exchange("v1.3-containers-golden").json();
    var records = new ArrayList<ContainerRecord>();
    records.add(RecordedNode.record("/", info));
    for (var path : paths) {
      records.add(RecordedNode.record(path, info));
    }
    return RecordedNode.of(records.toArray(ContainerRecord[]::new));
  }
}
