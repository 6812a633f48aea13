package dev.jkubelet.server;

/** {@code --healthz-port} (10248): {@code /healthz} and nothing else, to any method. */
final class HealthzRoutes {
  private HealthzRoutes() {}

  static GoMux of(NodeQueries node) {
    var healthz = Healthz.ping(node);
    return new GoMux()
        .handle("/healthz", healthz::all)
        .handle("/healthz/ping", _ -> healthz.one("ping"));
  }
}
