package dev.jkubelet.app.kamon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.jkubelet.pod.Spans;
import dev.jkubelet.server.cadvisor.RecordedNode;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.ProbeMetrics;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kamon.Kamon;
import kamon.module.SpanReporter;
import kamon.trace.Span;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Kamon as the agent starts it, with its Prometheus port and a reporter of the test's. */
class PodStartTraceTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final BlockingQueue<Span.Finished> FINISHED = new LinkedBlockingQueue<>();

  private static final BlockingQueue<String> COLLECTED = new LinkedBlockingQueue<>();
  private static final NodeSnapshot JUST_TAKEN =
      new NodeSnapshot(
          NOW.minusMillis(250),
          new TreeMap<>(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          new NodeSnapshot.Processes(0, 0));

  @TempDir private static Path folder;
  private static KamonWiring kamon;
  private static HttpServer collector;
  private static int port;

  @BeforeAll
  static void startsKamon() throws IOException {
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var file =
        Files.writeString(
            folder.resolve("kamon.conf"),
            Files.readString(Path.of("conf/kamon.conf"))
                + "kamon.enabled = on, kamon.trace.tick-interval = 100 ms\n"
                + "kamon.metric.tick-interval = 200 ms\n"
                + "kamon.metric.factory.default-settings.gauge.auto-update-interval = 100 ms\n"
                + "kamon.prometheus.embedded-server.port = "
                + port
                + "\nkamon.modules.otel-trace-reporter.enabled = on\n"
                + "kamon.otel.protocol = http/protobuf, kamon.otel.endpoint = \"http://127.0.0.1:"
                + collector().getAddress().getPort()
                + "\"\n");
    kamon = KamonWiring.start(file, Clock.fixed(NOW, ZoneOffset.UTC)).orElseThrow();
    var _ = Kamon.addReporter("test", new Collected());
  }

  /** Takes what an OpenTelemetry collector would. */
  private static HttpServer collector() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          COLLECTED.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    return collector;
  }

  @AfterAll
  static void stopsKamon() {
    kamon.close();
    collector.stop(0);
  }

  @Test
  void spansReachAnOpenTelemetryCollector() throws InterruptedException {
    var spans = kamon.spans();
    var pod = pod("collected");
    spans.admitted(pod);
    done(spans, pod, "", Spans.SANDBOX);
    spans.told(pod, "Running");
    assertThat(finished(3)).hasSize(3);

    String body;
    do {
      body = COLLECTED.poll(30, TimeUnit.SECONDS);
      assertThat(body).as("a request with the pod's spans").isNotNull();
    } while (!body.contains("pod.start.sandbox") || !body.contains("uid-collected"));
  }

  private static final class Collected implements SpanReporter {
    @Override
    public void reportSpans(Seq<Span.Finished> spans) {
      FINISHED.addAll(CollectionConverters.asJava(spans));
    }

    @Override
    public void stop() {}

    @Override
    public void reconfigure(Config config) {}
  }

  @Test
  void aStartIsOneTraceWithASpanForEachStep() throws InterruptedException {
    var spans = kamon.spans();
    var pod = pod("web");

    spans.admitted(pod);
    done(spans, pod, "", Spans.VOLUMES);
    done(spans, pod, "", Spans.SANDBOX);
    spans.told(pod, "Pending");
    done(spans, pod, "app", Spans.PULL);
    done(spans, pod, "app", Spans.CREATE);
    done(spans, pod, "app", Spans.START);
    spans.told(pod, "Running");
    done(spans, pod, "app", Spans.START);

    var trace = finished(7);
    var root = trace.stream().filter(s -> s.operationName().equals("pod.start")).toList();
    assertThat(trace)
        .extracting(Span.Finished::operationName)
        .containsExactlyInAnyOrder(
            "pod.start",
            "pod.start.admission",
            "pod.start.volumes",
            "pod.start.sandbox",
            "pod.start.pull",
            "pod.start.create",
            "pod.start.start");
    assertThat(root).hasSize(1);
    assertThat(trace)
        .filteredOn(span -> !span.equals(root.getFirst()))
        .allMatch(span -> span.parentId().equals(root.getFirst().id()))
        .allMatch(span -> span.trace().id().equals(root.getFirst().trace().id()));
    assertThat(Duration.between(root.getFirst().from(), root.getFirst().to()))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(trace.toString()).contains("web").contains("golden");
    assertThat(FINISHED).isEmpty();
  }

  @Test
  void aFailedStepIsMarked() throws InterruptedException {
    var spans = kamon.spans();
    var pod = pod("broken");

    spans.admitted(pod);
    var _ =
        spans.step(
            pod,
            "",
            Spans.SANDBOX,
            () -> CompletableFuture.failedStage(new IllegalStateException("no address left")));
    spans.told(pod, "Failed");

    assertThat(finished(3))
        .filteredOn(Span.Finished::hasError)
        .extracting(Span.Finished::operationName)
        .containsExactly("pod.start.sandbox");
  }

  @Test
  void aPodThatRanAllAlongHasNoStart() throws InterruptedException {
    var spans = kamon.spans();
    var pod = pod("adopted");

    spans.admitted(pod);
    done(spans, pod, "", Spans.VOLUMES);
    spans.told(pod, "Running");

    assertThat(finished(2))
        .extracting(Span.Finished::operationName)
        .containsExactlyInAnyOrder("pod.start.admission", "pod.start.volumes");
  }

  @Test
  void actorsStreamsAndProbesAreOnThePrometheusPort() {
    var kit = ActorTestKit.create("measured", KamonWiring.pekko());
    var probes = new KubeletMetrics("node1").probes();
    probes.count(new ProbeMetrics.Series("app", "golden", "web", "uid", "Liveness"), false);
    kamon.measure(kit.system().classicSystem(), RecordedNode.still(JUST_TAKEN), probes);
    var probe = kit.createTestProbe(String.class);
    probe.getRef().tell("a");
    probe.expectMessage("a");

    probe.awaitAssert(
        Duration.ofSeconds(30),
        Duration.ofMillis(100),
        () -> {
          assertThat(scrape())
              .contains("actor_messages_total{", "actor_mailbox_size_bucket{")
              .containsPattern("dispatcher_threads\\{.*default-dispatcher.*} [1-9]")
              .containsPattern("stream_elements_total\\{.*stats.*} [1-9]")
              .containsPattern("stream_lag_seconds_sum\\{.*stats.*} 0\\.2[45]")
              .containsPattern("container_probes_total\\{(?=.*Liveness)(?=.*failed).*} 1");
          return null;
        });
    kit.shutdownTestKit();
  }

  @Test
  void withoutItsSwitchNothingStarts() throws IOException {
    var file = folder.resolve("off.conf");
    assertThat(KamonWiring.start(file, Clock.systemUTC())).isEmpty();
    Files.writeString(file, "kamon.enabled = off");
    assertThat(KamonWiring.start(file, Clock.systemUTC())).isEmpty();
    assertThat(ConfigFactory.parseFile(Path.of("conf/kamon.conf").toFile()).isEmpty()).isFalse();
  }

  private static void done(Spans spans, Pod pod, String container, String step) {
    spans
        .step(pod, container, step, () -> CompletableFuture.completedStage("done"))
        .toCompletableFuture()
        .join();
  }

  private static List<Span.Finished> finished(int count) throws InterruptedException {
    var all = new ArrayList<Span.Finished>();
    while (all.size() < count) {
      var next = FINISHED.poll(30, TimeUnit.SECONDS);
      assertThat(next).as("span %s of %s after %s", all.size(), count, all).isNotNull();
      all.add(next);
    }
    return all;
  }

  private static String scrape() {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException unreachable) {
      throw new java.io.UncheckedIOException(unreachable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static Pod pod(String name) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("golden")
        .withUid("uid-" + name)
        .addToAnnotations("kubernetes.io/config.seen", NOW.minusSeconds(3).toString())
        .endMetadata()
        .build();
  }
}
