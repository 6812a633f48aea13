package dev.jkubelet.server;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.server.cadvisor.Monitoring;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.util.ByteString;

/**
 * {@code --cadvisor-port} (4194): cAdvisor's health, metrics, API and pages, to any method as
 * there.
 */
final class CadvisorRoutes {
  private CadvisorRoutes() {}

  static GoMux of(
      MetricsText metrics,
      Optional<Supplier<CompletionStage<ByteString>>> machineJson,
      Optional<Monitoring> monitoring,
      BlockingCalls calls,
      ActorSystem<?> system) {
    var mux =
        new GoMux()
            .handle("/healthz", _ -> CompletableFuture.completedFuture(Answers.text(200, "ok")))
            .handle("/metrics", new MetricsRoute(metrics));
    machineJson.ifPresent(
        machine -> mux.handle("/api/v1.3/machine", _ -> machine.get().thenApply(Answers::json)));
    monitoring.ifPresent(
        shown -> {
          shown.stats().snapshots().runForeach(shown.events()::look, system);
          var api = new CadvisorApi(shown, calls);
          mux.handle("/api/", api::answer).handle("/validate/", api::validate);
          new CadvisorPages(shown, calls).on(mux);
        });
    return mux;
  }
}
