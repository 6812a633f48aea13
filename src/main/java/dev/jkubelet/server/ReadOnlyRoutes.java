package dev.jkubelet.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** {@code --read-only-port} (10255): what anyone who reaches it may read; nothing changes state. */
final class ReadOnlyRoutes {
  private static final List<String> DEBUG =
      List.of(
          "/run/",
          "/exec/",
          "/attach/",
          "/portForward/",
          "/containerLogs/",
          "/runningpods/",
          "/debug/pprof/",
          "/logs/");

  private ReadOnlyRoutes() {}

  static GoMux of(NodeQueries node, PodLists lists, Documents documents) {
    var mux = CommonRoutes.on(new GoMux(), UnaryOperator.identity(), node, lists, documents);
    DEBUG.forEach(
        path ->
            mux.handle(
                path,
                _ ->
                    CompletableFuture.completedFuture(
                        Answers.error(405, "Debug endpoints are disabled."))));
    return mux;
  }
}
