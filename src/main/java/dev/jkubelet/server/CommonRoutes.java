package dev.jkubelet.server;

import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What both of the kubelet's own ports serve, and how. */
final class CommonRoutes {
  private CommonRoutes() {}

  /** Registers the common paths on {@code mux}, each handler put behind {@code gate}. */
  static GoMux on(
      GoMux mux,
      UnaryOperator<Handler> gate,
      NodeQueries node,
      PodLists lists,
      Documents documents) {
    var healthz = Healthz.full(node);
    mux.handle("/healthz", gate.apply(healthz::all));
    healthz
        .checks()
        .forEach(check -> mux.handle("/healthz/" + check, gate.apply(_ -> healthz.one(check))));
    Handler pods = _ -> node.pods().thenApply(all -> Answers.json(lists.body(all)));
    mux.handle("/pods", gate.apply(Restful.json("/pods", pods)));
    mux.handle("/pods/", gate.apply(Restful.json("/pods", pods)));
    documents
        .spec()
        .<Handler>map(spec -> _ -> spec.get().thenApply(Answers::json))
        .ifPresent(spec -> mux.handle("/spec/", gate.apply(Restful.json("/spec/", spec))));
    documents
        .metrics()
        .forEach((path, text) -> mux.handle(path, gate.apply(new MetricsRoute(text))));
    Handler stats =
        documents
            .summary()
            .<Handler>map(summary -> new StatsRoutes(summary, node))
            .orElse(_ -> CompletableFuture.completedFuture(Answers.noRoute()));
    mux.handle("/stats/", gate.apply(stats));
    return mux;
  }
}
