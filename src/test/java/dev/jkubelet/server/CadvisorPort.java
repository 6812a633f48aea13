package dev.jkubelet.server;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.server.cadvisor.ContainerEvents;
import dev.jkubelet.server.cadvisor.MachineFacts;
import dev.jkubelet.server.cadvisor.Monitoring;
import dev.jkubelet.stats.Machine;
import dev.jkubelet.stats.NodeStats;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.util.ByteString;

/** The cAdvisor port alone, over measurements that a test makes up. */
final class CadvisorPort implements AutoCloseable {
  private final ActorTestKit kit = ActorTestKit.create();
  private final ContainerEvents events = new ContainerEvents(Clock.systemUTC());
  private final ServerBinding binding;

  CadvisorPort(NodeStats stats) {
    var machine =
        new MachineFacts(
            Machine.host(Clock.systemUTC(), Runnable::run), "6.1", "Debian", () -> "20.10");
    var mux =
        CadvisorRoutes.of(
            _ -> CompletableFuture.completedFuture(ByteString.emptyByteString()),
            Optional.empty(),
            Optional.of(new Monitoring(stats, events, CompletableFuture.completedFuture(machine))),
            new BlockingCalls(8),
            kit.system());
    binding =
        Http.get(kit.system())
            .newServerAt("127.0.0.1", 0)
            .bind(
                (Function<HttpRequest, CompletionStage<HttpResponse>>)
                    request -> request.toStrict(10_000, kit.system()).thenCompose(mux::serve))
            .toCompletableFuture()
            .join();
  }

  ContainerEvents events() {
    return events;
  }

  String url(String path) {
    return "http://127.0.0.1:" + binding.localAddress().getPort() + path;
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
