package dev.jkubelet.server;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.server.auth.ClientCertificates;
import dev.jkubelet.stats.KubeletMetrics;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;

/** Opens the four ports of a node. */
public final class HttpPorts {
  private final ActorSystem<?> system;
  private final ServerSettings settings;
  private final NodeQueries node;
  private final KubeletMetrics metrics;
  private final BlockingCalls calls;

  public HttpPorts(
      ActorSystem<?> system,
      ServerSettings settings,
      ActorRef<NodeActor.Command> node,
      KubeletMetrics metrics,
      BlockingCalls calls) {
    this.system = system;
    this.settings = settings;
    this.node = new NodeQueries(node, system);
    this.metrics = metrics;
    this.calls = calls;
  }

  /**
   * Ends when all that are not turned off listen.
   *
   * @throws IOException when certificates can't be read or made
   */
  public CompletionStage<Void> open() throws IOException {
    var lists = new PodLists();
    var health = new HealthzRoutes(node::health);
    var bindings = new ArrayList<CompletableFuture<ServerBinding>>();
    if (settings.kubelet().isPresent()) {
      var tls = tls();
      var routes =
          new KubeletRoutes(
              settings,
              settings.clientCaFile().isEmpty()
                  ? Optional.empty()
                  : Optional.of(ClientCertificates.of(settings.clientCaFile().get())),
              health,
              node,
              lists,
              new LogRoutes(node, calls, Clock.systemUTC()),
              new HostLogs(settings.logs(), calls),
              metrics);
      bindings.add(bind("--port", settings.kubelet().get(), routes::handle, Optional.of(tls)));
    }
    settings
        .readOnly()
        .ifPresent(
            at ->
                bindings.add(
                    bind(
                        "--read-only-port",
                        at,
                        new ReadOnlyRoutes(health, node, lists, metrics)::handle,
                        Optional.empty())));
    settings
        .healthz()
        .ifPresent(
            at ->
                bindings.add(
                    bind("--healthz-port", at, r -> onlyHealthz(r, health), Optional.empty())));
    settings
        .cadvisor()
        .ifPresent(
            at ->
                bindings.add(
                    bind(
                        "--cadvisor-port",
                        at,
                        new CadvisorRoutes(metrics)::handle,
                        Optional.empty())));
    return CompletableFuture.allOf(bindings.toArray(CompletableFuture[]::new));
  }

  private static CompletionStage<HttpResponse> onlyHealthz(
      HttpRequest request, HealthzRoutes health) {
    var path = request.getUri().path();
    return HealthzRoutes.owns(path)
        ? health.handle(request, path)
        : CompletableFuture.completedStage(Replies.notFound());
  }

  private HttpsConnectionContext tls() throws IOException {
    var context = ServingCertificate.context(settings);
    return ConnectionContext.httpsServer(
        () -> {
          var engine = context.createSSLEngine();
          engine.setUseClientMode(false);
          engine.setWantClientAuth(settings.clientCaFile().isPresent());
          engine.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
          return engine;
        });
  }

  private CompletableFuture<ServerBinding> bind(
      String flag,
      InetSocketAddress at,
      Function<HttpRequest, CompletionStage<HttpResponse>> handler,
      Optional<HttpsConnectionContext> tls) {
    var server = Http.get(system).newServerAt(at.getAddress().getHostAddress(), at.getPort());
    return tls.map(server::enableHttps)
        .orElse(server)
        .bind(handler)
        .exceptionally(failure -> throwFor(flag, at, failure))
        .toCompletableFuture();
  }

  private static ServerBinding throwFor(String flag, InetSocketAddress at, Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        throw new CompletionException(
            new PortTaken(
                flag
                    + " "
                    + at.getPort()
                    + ": expected a free address, but "
                    + at.getAddress().getHostAddress()
                    + ":"
                    + at.getPort()
                    + " can't be bound: "
                    + cause.getMessage(),
                failure));
      }
    }
    throw new CompletionException(failure);
  }

  /** A port can't be had; the message names the flag. */
  public static final class PortTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTaken(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
