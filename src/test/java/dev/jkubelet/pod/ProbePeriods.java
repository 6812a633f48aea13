package dev.jkubelet.pod;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Run by {@code bin/bench probes}: how far from their period of a second 500 HTTP probes are, as
 * the server sees them; no engine. The first looks are spread over a second, as those of adopted
 * pods are.
 */
public final class ProbePeriods {
  private static final int PROBES = 500;
  private static final int SECONDS = 30;

  /** What a cold JVM does is not measured. */
  private static final int WARM_UP = 10;

  private ProbePeriods() {}

  public static void main(String[] arguments) throws Exception {
    var looks = new ConcurrentHashMap<String, List<Long>>();
    var server = server(looks);
    try (var machine = new FakeMachine(Files.createTempDirectory("probes"))) {
      var services = realTime(machine.services());
      var system =
          ActorSystem.create(
              Behaviors.<Void>setup(
                  context -> {
                    for (int n = 0; n < PROBES; n++) {
                      var calls = probe(n, server.getAddress().getPort(), services);
                      var first = Duration.ofMillis(1000L * n / PROBES);
                      var nobody = context.getSystem().<ProbeActor.Verdict>ignoreRef();
                      context.spawn(ProbeActor.create(calls, first, nobody), "probe-" + n);
                    }
                    return Behaviors.empty();
                  }),
              "probes");
      long begin = System.nanoTime();
      var _ = new CountDownLatch(1).await(WARM_UP + SECONDS, TimeUnit.SECONDS);
      tell(looks, begin + TimeUnit.SECONDS.toNanos(WARM_UP));
      system.terminate();
    } finally {
      server.stop(0);
    }
    System.exit(0); // the fakes keep threads of their own
  }

  /** A probe that finds its clock standing still waits for it. */
  private static PodServices realTime(PodServices fake) {
    return new PodServices(
        fake.runtime(),
        fake.network(),
        fake.images(),
        fake.volumes(),
        fake.files(),
        fake.mounts(),
        fake.cgroups(),
        fake.metrics(),
        fake.events(),
        fake.objects(),
        fake.spans(),
        Clock.systemUTC(),
        fake.settings());
  }

  private static HttpServer server(Map<String, List<Long>> looks) throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PROBES);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          looks
              .computeIfAbsent(
                  exchange.getRequestURI().getPath(), _ -> new CopyOnWriteArrayList<>())
              .add(System.nanoTime());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static ProbeCalls probe(int n, int port, PodServices services) {
    var probe =
        Specs.parse(
            Probe.class,
            "{httpGet: {path: /%d, port: %d}, periodSeconds: 1, timeoutSeconds: 1,"
                    .formatted(n, port)
                + " failureThreshold: 3, successThreshold: 1}");
    var pod = FakeMachine.pod("p" + n, "uid-" + n, "{containers: [{name: main, image: app}]}");
    var container = pod.getSpec().getContainers().getFirst();
    return new ProbeCalls(
        pod, container, ProbeKind.LIVENESS, probe, "id" + n, "127.0.0.1", services);
  }

  private static void tell(Map<String, List<Long>> looks, long from) {
    var measured =
        looks.values().stream()
            .map(times -> times.stream().filter(time -> time >= from).toList())
            .flatMapToLong(ProbePeriods::gaps)
            .map(gap -> Math.abs(gap - TimeUnit.SECONDS.toNanos(1)))
            .sorted()
            .toArray();
    System.out.printf(
        "%d probes, %d periods measured; off their second by p50 %.1f ms, p99 %.1f ms,"
            + " most %.1f ms%n",
        looks.size(),
        measured.length,
        millis(measured, 50),
        millis(measured, 99),
        millis(measured, 100));
  }

  private static LongStream gaps(List<Long> times) {
    var sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    return LongStream.range(1, sorted.length).map(n -> sorted[(int) n] - sorted[(int) n - 1]);
  }

  private static double millis(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }
}
