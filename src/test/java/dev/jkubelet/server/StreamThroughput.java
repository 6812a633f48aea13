package dev.jkubelet.server;

import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.RuntimeFixture;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;

/** Run by hand: how fast a command's output gets to a client over TLS, in MB/s; no engine. */
public final class StreamThroughput {
  private static final int BYTES = 1_000_000_000;
  private static final int ROUNDS = 6;

  private StreamThroughput() {}

  public static void main(String[] arguments) throws Exception {
    var folder = Files.createTempDirectory("throughput");
    var runtime = new FakeRuntime(Clock.systemUTC());
    runtime.image(OnePod.PAUSE, FakeBehaviour.runs());
    var image = runtime.image("app:1", FakeBehaviour.runs());
    var pod = new OnePod(runtime, new RuntimeFixture.Program(image.id(), List.of()), folder);
    var options =
        TestServer.Options.in(folder).withPods(List.of(pod.snapshot())).withRuntime(runtime);
    try (var server = TestServer.start(options)) {
      for (int round = 0; round < ROUNDS; round++) {
        measure(server, pod);
      }
    }
  }

  private static void measure(TestServer server, OnePod pod) throws Exception {
    var path = pod.exec("output=1", "floods", String.valueOf(BYTES));
    var socket = server.kubelet();
    try (var client = new SpdyClient(socket, path, "v4.channel.k8s.io")) {
      client.open("error");
      client.open("stdout");
      long begin = System.nanoTime();
      var buffer = new byte[256 << 10];
      long total = 0;
      while (total < BYTES) {
        total += socket.getInputStream().read(buffer);
      }
      System.out.printf("%d MB/s%n", total * 1000L / (System.nanoTime() - begin));
    }
  }
}
