package dev.jkubelet.server;

import dev.jkubelet.server.auth.Gate;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.util.ByteString;

/**
 * {@code --port} (10250): the whole kubelet API. Every handler is behind the gate; what comes
 * before it are redirects to clean paths and the 404 of paths that nobody registered, as in the
 * kubelet.
 */
final class KubeletRoutes {
  private KubeletRoutes() {}

  static GoMux of(
      Gate gate,
      NodeQueries node,
      PodLists lists,
      Documents documents,
      ContainerLogsRoute containerLogs,
      HostLogs hostLogs,
      Streaming streaming,
      ByteString configz) {
    var mux =
        CommonRoutes.on(new GoMux(), handler -> guarded(gate, handler), node, lists, documents);
    mux.handle(
        "/configz",
        guarded(
            gate,
            _ -> CompletableFuture.completedFuture(Answers.sniffless(Answers.json(configz)))));
    Handler running = _ -> node.pods().thenApply(pods -> Answers.json(PodJson.running(pods)));
    mux.handle("/runningpods/", guarded(gate, Restful.json("/runningpods/", running)));
    mux.handle("/containerLogs", guarded(gate, containerLogs));
    mux.handle("/containerLogs/", guarded(gate, containerLogs));
    mux.handle("/logs/", guarded(gate, Restful.get(hostLogs)));
    streaming.handlers().forEach((path, handler) -> mux.handle(path, guarded(gate, handler)));
    mux.handle(
        "/debug/pprof/", guarded(gate, _ -> CompletableFuture.completedFuture(Answers.noRoute())));
    return mux;
  }

  private static Handler guarded(Gate gate, Handler handler) {
    return call ->
        gate.admit(call.request(), call.path(), () -> handler.handle(call), Answers::text);
  }
}
