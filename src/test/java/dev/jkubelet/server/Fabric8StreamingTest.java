package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.RuntimeFixture;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private static OnePod pod;
  private static TestServer server;
  private static HttpServer pods;
  private static KubernetesClient client;

  @BeforeAll
  static void start() throws Exception {
    var runtime = new FakeRuntime(Clock.systemUTC());
    var image = runtime.image("app:1", FakeBehaviour.runs());
    pod = new OnePod(runtime, new RuntimeFixture.Program(image.id(), List.of()), folder);
    server =
        TestServer.start(
            TestServer.Options.in(folder).withPods(List.of(pod.snapshot())).withRuntime(runtime));
    pods = podServer();
    client =
        new KubernetesClientBuilder()
            .withConfig(config())
            .withHttpClientBuilderConsumer(Fabric8StreamingTest::toKubelet)
            .build();
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

  /** {@code /api/v1/namespaces/NS/pods/POD/exec} is {@code /exec/NS/POD/main} here. */
  private static void toKubelet(HttpClient.Builder builder) {
    builder.addOrReplaceInterceptor(
        "kubelet",
        new Interceptor() {
          @Override
          public void before(BasicBuilder request, HttpRequest sent, RequestTags tags) {
            request.uri(
                URI.create(
                    sent.uri()
                        .toString()
                        .replaceFirst(
                            ".*/api/v1/namespaces/([^/]+)/pods/([^/]+)/(exec|attach)",
                            "https://127.0.0.1:"
                                + server.at("--port").getPort()
                                + "/$3/$1/$2/main")));
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
        client
            .pods()
            .inNamespace(pod.key.namespace())
            .withName(pod.key.name())
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
    try (var watch =
        client
            .pods()
            .inNamespace(pod.key.namespace())
            .withName(pod.key.name())
            .inContainer("main")
            .redirectingInput()
            .redirectingOutput()
            .exec("cat")) {
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
}
