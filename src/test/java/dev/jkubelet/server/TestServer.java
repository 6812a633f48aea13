package dev.jkubelet.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.NodeHealth;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.server.auth.Authenticator;
import dev.jkubelet.server.auth.Authorizer;
import dev.jkubelet.stats.KubeletMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The four ports on free ones of the loopback, in front of a node that only answers. */
final class TestServer implements AutoCloseable {
  static final String METRICS = "# HELP up x\n# TYPE up gauge\nup 1\n";
  static final NodeHealth WELL = new NodeHealth(Optional.empty(), Optional.empty());

  private final ActorTestKit kit;
  private final HttpPorts ports;
  private final Services services;

  private TestServer(Options options) throws Exception {
    kit = ActorTestKit.create(options.limits().config());
    services = services(options);
    ports = new HttpPorts(kit.system(), settings(options), services);
    ports.open().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /**
   * How long clients may keep the kubelet's port waiting.
   *
   * @param betweenRequests with one that is not whole
   */
  record Limits(ServerSettings.StreamLimits streams, Duration betweenRequests) {
    static final Limits NONE =
        new Limits(ServerSettings.StreamLimits.ofIdle(Duration.ofHours(4)), Duration.ofMinutes(3));

    Config config() {
      return ConfigFactory.parseMap(
              Map.of("pekko.http.server.idle-timeout", betweenRequests.toMillis() + " ms"))
          .withFallback(ConfigFactory.load());
    }
  }

  /** What a test may vary. */
  record Options(
      Path folder,
      List<PodSnapshot> pods,
      NodeHealth health,
      LogReader logs,
      boolean anonymous,
      boolean alwaysAllow,
      boolean withMachine,
      Optional<Path> clientCa,
      List<Authenticator> tokens,
      Optional<Authorizer> webhook,
      ContainerRuntime runtime,
      Limits limits) {
    static Options in(Path folder) {
      return new Options(
          folder,
          GoldenPods.snapshots(),
          WELL,
          (_, _, _) -> Source.empty(),
          true,
          true,
          true,
          Optional.empty(),
          List.of(),
          Optional.empty(),
          new FakeRuntime(Clock.systemUTC()),
          Limits.NONE);
    }

    Options withRuntime(ContainerRuntime other) {
      return new Options(
          folder,
          pods,
          health,
          logs,
          anonymous,
          alwaysAllow,
          withMachine,
          clientCa,
          tokens,
          webhook,
          other,
          limits);
    }

    Options withLimits(Limits other) {
      return new Options(
          folder,
          pods,
          health,
          logs,
          anonymous,
          alwaysAllow,
          withMachine,
          clientCa,
          tokens,
          webhook,
          runtime,
          other);
    }

    Options withPods(List<PodSnapshot> others) {
      return new Options(
          folder,
          others,
          health,
          logs,
          anonymous,
          alwaysAllow,
          withMachine,
          clientCa,
          tokens,
          webhook,
          runtime,
          limits);
    }

    Options withHealth(NodeHealth other) {
      return new Options(
          folder,
          pods,
          other,
          logs,
          anonymous,
          alwaysAllow,
          withMachine,
          clientCa,
          tokens,
          webhook,
          runtime,
          limits);
    }

    Options withLogs(LogReader other) {
      return new Options(
          folder,
          pods,
          health,
          other,
          anonymous,
          alwaysAllow,
          withMachine,
          clientCa,
          tokens,
          webhook,
          runtime,
          limits);
    }

    Options withClientCa(Path file) {
      return new Options(
          folder,
          pods,
          health,
          logs,
          anonymous,
          alwaysAllow,
          withMachine,
          Optional.of(file),
          tokens,
          webhook,
          runtime,
          limits);
    }

    Options strict() {
      return new Options(
          folder,
          pods,
          health,
          logs,
          false,
          alwaysAllow,
          withMachine,
          clientCa,
          tokens,
          webhook,
          runtime,
          limits);
    }

    /** Webhook mode: tokens are users, and {@code who} decides. */
    Options asking(Authenticator token, Authorizer who) {
      return new Options(
          folder,
          pods,
          health,
          logs,
          false,
          false,
          false,
          clientCa,
          List.of(token),
          Optional.of(who),
          runtime,
          limits);
    }
  }

  static TestServer start(Options options) throws Exception {
    return new TestServer(options);
  }

  static ServerSettings settings(Options options) {
    var anywhere = Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new ServerSettings(
        anywhere,
        anywhere,
        anywhere,
        anywhere,
        options.folder().resolve("certs/kubelet.crt"),
        options.folder().resolve("certs/kubelet.key"),
        true,
        Optional.of(options.folder().resolve("certs/kubelet-server-current.pem")),
        options.clientCa(),
        options.anonymous(),
        options.alwaysAllow(),
        "golden-node",
        List.of("192.0.2.1"),
        Map.of("kubeletconfig", Map.of("port", 10250)),
        options.folder().resolve("log"),
        options.limits().streams());
  }

  Services services() {
    return services;
  }

  private Services services(Options options) {
    return new Services(
        kit.spawn(node(options)),
        new Documents(
            options.withMachine()
                ? Optional.of(() -> completed("{\"num_cores\":2}"))
                : Optional.empty(),
            options.withMachine()
                ? Optional.of(() -> completed("{\"num_cores\":2}"))
                : Optional.empty(),
            Optional.empty(),
            Map.of(
                "/metrics",
                metrics(),
                "/metrics/cadvisor",
                metrics(),
                "/metrics/probes",
                metrics()),
            metrics()),
        new KubeletMetrics("golden-node"),
        Optional.empty(),
        options.logs(),
        new BlockingCalls(8),
        options.tokens(),
        options.webhook(),
        options.runtime(),
        Clock.systemUTC());
  }

  @SuppressWarnings("UnnecessaryLambda") // it is what the routes are given
  private static MetricsText metrics() {
    return format ->
        completed(
            switch (format) {
              case TEXT -> METRICS;
              case OPEN_METRICS -> METRICS + "# EOF\n";
            });
  }

  private static CompletionStage<ByteString> completed(String text) {
    return CompletableFuture.completedFuture(ByteString.fromString(text));
  }

  private static Behavior<NodeActor.Command> node(Options options) {
    return Behaviors.receive(NodeActor.Command.class)
        .onMessage(
            NodeActor.GetPods.class,
            ask -> {
              ask.replyTo().tell(options.pods());
              return Behaviors.same();
            })
        .onMessage(
            NodeActor.GetPod.class,
            ask -> {
              ask.replyTo().tell(find(options.pods(), ask.namespace(), ask.name()));
              return Behaviors.same();
            })
        .onMessage(
            NodeActor.GetHealth.class,
            ask -> {
              ask.replyTo().tell(options.health());
              return Behaviors.same();
            })
        .build();
  }

  private static Optional<PodSnapshot> find(List<PodSnapshot> pods, String namespace, String name) {
    return pods.stream()
        .filter(pod -> pod.pod().getMetadata().getNamespace().equals(namespace))
        .filter(pod -> pod.pod().getMetadata().getName().equals(name))
        .findFirst();
  }

  HttpPorts ports() {
    return ports;
  }

  ActorTestKit kit() {
    return kit;
  }

  InetSocketAddress at(String flag) {
    return ports.addresses().get(flag);
  }

  Socket kubelet(KeyManager... keys) throws Exception {
    return RawHttp.tls(at("--port"), keys);
  }

  Socket readOnly() throws Exception {
    return RawHttp.plain(at("--read-only-port"));
  }

  Socket healthz() throws Exception {
    return RawHttp.plain(at("--healthz-port"));
  }

  Socket cadvisor() throws Exception {
    return RawHttp.plain(at("--cadvisor-port"));
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
