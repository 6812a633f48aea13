package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.RuntimeFixture;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * fabric8's client, straight to the kubelet's port. What stands in for the API server only tells
 * what the pod is; exec leads to the kubelet by another path.
 */
class Fabric8StreamingTest {
  @TempDir private static Path folder;
  private static final Pattern POD_PATH =
      Pattern.compile(
          "/namespaces/(?<namespace>[^/]+)/pods/(?<pod>[^/]+)"
              + "/(?<verb>exec|attach|log|portforward)(?<query>\\?.*)?$");

  private static final String LOG = "line 1\nline 2\n";

  private static FakeRuntime runtime;
  private static OnePod pod;
  private static TestServer server;
  private static HttpServer pods;
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws Exception {
    runtime = new FakeRuntime(Clock.systemUTC());
    runtime.image(OnePod.PAUSE, FakeBehaviour.runs());
    var image = runtime.image("app:1", FakeBehaviour.runs());
    pod = new OnePod(runtime, new RuntimeFixture.Program(image.id(), List.of()), folder);
    server =
        TestServer.start(
            TestServer.Options.in(folder)
                .withPods(List.of(withLog(pod.snapshot())))
                .withRuntime(runtime)
                .withLogs(Fabric8StreamingTest::log));
    pods = podServer();
    client =
        new KubernetesClientBuilder()
            .withConfig(config())
            .withHttpClientBuilderConsumer(Fabric8StreamingTest::toKubelet)
            .build();
  }

  /** A followed log says one thing more and stays open. */
  private static Source<ByteString, NotUsed> log(
      Path file, LogRequest request, Supplier<CompletionStage<Boolean>> isRunning) {
    var all = Source.single(ByteString.fromString(LOG));
    return request.follow()
        ? all.concat(Source.single(ByteString.fromString("line 3\n"))).concat(Source.maybe())
        : all;
  }

  private static PodSnapshot withLog(PodSnapshot snapshot) {
    var instance = snapshot.containers().get("main").current().orElseThrow();
    var logged =
        new ContainerSnapshot.Instance(
            instance.id(), instance.imageId(), true, Optional.of(Path.of("/its/log")), 1);
    var status =
        new PodStatusBuilder()
            .addNewContainerStatus()
            .withName("main")
            .withContainerID("docker://" + instance.id())
            .withNewState()
            .withNewRunning()
            .endRunning()
            .endState()
            .endContainerStatus()
            .build();
    return new PodSnapshot(
        new PodBuilder(snapshot.pod()).withStatus(status).build(),
        Map.of("main", new ContainerSnapshot("main", Optional.of(logged), Optional.empty())));
  }

  private static HttpServer podServer() throws IOException {
    var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          var body = Serialization.asJson(pod.snapshot().pod()).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
    return http;
  }

  private static Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("http://127.0.0.1:" + pods.getAddress().getPort())
        .withTrustCerts(true)
        .withDisableHostnameVerification(true)
        .build();
  }

  /** What the API server calls {@code …/namespaces/NS/pods/POD/exec} is /exec/NS/POD/main here. */
  private static void toKubelet(HttpClient.Builder builder) {
    builder.addOrReplaceInterceptor(
        "kubelet",
        new Interceptor() {
          @Override
          public void before(BasicBuilder request, HttpRequest sent, RequestTags tags) {
            var asked = POD_PATH.matcher(sent.uri().toString());
            if (asked.find()) {
              var pod = asked.group("namespace") + "/" + asked.group("pod");
              var place =
                  switch (asked.group("verb")) {
                    case "log" -> "containerLogs/" + pod + "/main";
                    case "portforward" -> "portForward/" + pod;
                    case String verb -> verb + "/" + pod + "/main";
                  };
              request.uri(
                  URI.create(
                      "https://127.0.0.1:%d/%s%s"
                          .formatted(server.at("--port").getPort(), place, asked.group("query"))));
            }
          }
        });
  }

  @AfterAll
  static void stop() {
    client.close();
    pods.stop(0);
    server.close();
  }

  @Test
  void execs() throws Exception {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try (var watch =
        pod()
            .inContainer("main")
            .writingOutput(out)
            .writingError(err)
            .exec("says", "out", "err", "3")) {
      assertThat(watch.exitCode().get(10, TimeUnit.SECONDS)).isEqualTo(3);
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("out");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("err");
  }

  @Test
  void writesAndReadsAsAShellDoes() throws Exception {
    try (var watch = pod().inContainer("main").redirectingInput().redirectingOutput().exec("cat")) {
      var input = watch.getInput();
      input.write("hello".getBytes(StandardCharsets.UTF_8));
      input.flush();

      // Not readNBytes(5): it asks for no bytes at last, and fabric8's stream waits for some then.
      var read = new ByteArrayOutputStream();
      while (read.size() < 5) {
        read.write(watch.getOutput().read());
      }
      assertThat(read.toString(StandardCharsets.UTF_8)).isEqualTo("hello");
    }
  }

  private static PodResource pod() {
    return client.pods().inNamespace(pod.key.namespace()).withName(pod.key.name());
  }

  @Test
  void readsALog() {
    assertThat(pod().inContainer("main").getLog()).isEqualTo(LOG);
  }

  @Test
  void followsALog() throws Exception {
    try (var watch = pod().inContainer("main").watchLog();
        var lines =
            new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
      assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
          .containsExactly("line 1", "line 2", "line 3");
    }
  }

  @Test
  void attaches() throws Exception {
    var out = new ByteArrayOutputStream();
    try (var watch = pod().inContainer("main").redirectingInput().writingOutput(out).attach()) {
      var input = watch.getInput();
      input.write("hello".getBytes(StandardCharsets.UTF_8));
      input.flush();

      Soon.holds(() -> out.toString(StandardCharsets.UTF_8).equals("hello"));
    }
  }

  @Test
  void forwardsConnectionsOneAfterTheOther() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      runtime.listens(8080, listener.getLocalPort());
      try (var forward = pod().portForward(8080)) {
        for (var question : List.of("first", "second")) {
          try (var local = new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort())) {
            local.getOutputStream().write(question.getBytes(StandardCharsets.UTF_8));
            try (var inPod = listener.accept()) {
              var read = inPod.getInputStream().readNBytes(question.length());
              assertThat(read).asString().isEqualTo(question);
              inPod.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(local.getInputStream().readNBytes(6)).asString().isEqualTo("answer");
          }
        }
      }
    }
  }
}
