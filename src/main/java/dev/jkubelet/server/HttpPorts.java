package dev.jkubelet.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** The four ports of a node, opened together: either all that are not turned off listen or none. */
public final class HttpPorts {
  private static final Duration CERTIFICATE_LIMIT = Duration.ofSeconds(30);

  /** The kubelet of 1.20 looks each minute, later ones follow their files as they change. */
  private static final Duration CERTIFICATE_CHECKS = Duration.ofSeconds(5);

  private static final Duration GIVE_UP = Duration.ofSeconds(1);
  private static final Duration BODY_LIMIT = Duration.ofSeconds(10);
  private static final String CADVISOR = "--cadvisor-port";

  private final ActorSystem<?> system;
  private final ServerSettings settings;
  private final Services services;
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final Closing closing = new Closing();
  private volatile Optional<Access> access = Optional.empty();
  private volatile Optional<Cancellable> checks = Optional.empty();

  public HttpPorts(ActorSystem<?> system, ServerSettings settings, Services services) {
    this.system = system;
    this.settings = settings;
    this.services = services;
  }

  private record Port(
      String flag,
      InetSocketAddress at,
      GoMux mux,
      Optional<CountedRequests> counted,
      Optional<Access> tls) {
    /** Logs and sessions, or events; the other two just answer. */
    boolean streams() {
      return tls.isPresent() || flag.equals(CADVISOR);
    }
  }

  /**
   * Ends when the ports listen. Fails with {@link PortTaken} or {@link InvalidTlsFile}, whose
   * messages are for the operator; then none listens.
   */
  public CompletionStage<Void> open() {
    return services
        .files()
        .call("certificates", CERTIFICATE_LIMIT, this::load)
        .thenCompose(
            loaded -> {
              access = loaded;
              return CompletableFuture.allOf(
                  ports(loaded).stream().map(this::listen).toArray(CompletableFuture[]::new));
            })
        .thenRun(this::checkCertificates)
        .handle((_, failure) -> failure)
        .thenCompose(
            failure ->
                failure == null
                    ? CompletableFuture.completedFuture(null)
                    : close(GIVE_UP)
                        .handle((_, _) -> failure)
                        .thenCompose(CompletableFuture::failedFuture));
  }

  /**
   * Reads certificates, keys and client authorities again if their files have changed, as happens
   * every few seconds by itself; for whoever just changed them.
   */
  public CompletionStage<Void> refreshCertificates() {
    return services
        .files()
        .call(
            "certificates",
            CERTIFICATE_LIMIT,
            () -> {
              access.ifPresent(Access::refresh);
              return null;
            });
  }

  private void checkCertificates() {
    checks =
        access.map(
            _ ->
                system
                    .scheduler()
                    .scheduleWithFixedDelay(
                        CERTIFICATE_CHECKS,
                        CERTIFICATE_CHECKS,
                        () -> {
                          var _ = refreshCertificates();
                        },
                        system.executionContext()));
  }

  /** Until when the kubelet's port shows a certificate that is valid; empty until it opens. */
  public Optional<Instant> certificateExpiry() {
    return access.map(Access::certificateExpiry);
  }

  /** Where each port listens, by the flag that sets it. */
  public Map<String, InetSocketAddress> addresses() {
    var addresses = new TreeMap<String, InetSocketAddress>();
    listeners.forEach((flag, listener) -> addresses.put(flag, listener.at()));
    return addresses;
  }

  /** Stops listening; whatever is still being answered after {@code deadline} is cut off. */
  public CompletionStage<Void> close(Duration deadline) {
    checks.ifPresent(Cancellable::cancel);
    var closed =
        CompletableFuture.allOf(
            listeners.values().stream()
                .map(listener -> listener.close(deadline).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    closing.begin();
    return closed;
  }

  private Optional<Access> load() {
    return settings.kubelet().map(_ -> Access.load(settings, services));
  }

  private List<Port> ports(Optional<Access> access) {
    var node = new NodeQueries(services.node(), system);
    var lists = new PodLists();
    var documents = services.documents();
    var ports = new ArrayList<Port>();
    settings.kubelet().ifPresent(at -> ports.add(kubelet(at, access.orElseThrow(), node, lists)));
    settings
        .readOnly()
        .ifPresent(
            at ->
                ports.add(
                    new Port(
                        "--read-only-port",
                        at,
                        ReadOnlyRoutes.of(node, lists, documents),
                        counted(true),
                        Optional.empty())));
    settings
        .healthz()
        .ifPresent(at -> ports.add(plain("--healthz-port", at, HealthzRoutes.of(node))));
    settings
        .cadvisor()
        .ifPresent(
            at ->
                ports.add(
                    plain(
                        CADVISOR,
                        at,
                        CadvisorRoutes.of(
                            documents.cadvisorMetrics(),
                            documents.machine(),
                            services.monitoring(),
                            services.files(),
                            system))));
    return ports;
  }

  private Port kubelet(InetSocketAddress at, Access access, NodeQueries node, PodLists lists) {
    var mux =
        KubeletRoutes.of(
            access.gate(),
            node,
            lists,
            services.documents(),
            new ContainerLogsRoute(node, services.logs(), services.clock()),
            new HostLogs(settings.logs(), services.files()),
            new Streaming(node, services.runtime(), settings.streams(), system),
            configz());
    return new Port("--port", at, mux, counted(false), Optional.of(access));
  }

  private Optional<CountedRequests> counted(boolean readOnly) {
    return Optional.of(new CountedRequests(services.metrics(), readOnly));
  }

  private ByteString configz() {
    try {
      return ByteString.fromArrayUnsafe(new JsonMapper().writeValueAsBytes(settings.configz()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the configuration can't be written as JSON", e);
    }
  }

  private static Port plain(String flag, InetSocketAddress at, GoMux mux) {
    return new Port(flag, at, mux, Optional.empty(), Optional.empty());
  }

  private CompletableFuture<Void> listen(Port port) {
    var limits =
        port.streams() ? ConnectionLimits.ofStreaming(system) : ConnectionLimits.of(system);
    var answering =
        port.counted()
            .map(requests -> requests.answering(request -> answer(port, request)))
            .orElseGet(
                () -> Flow.<HttpRequest>create().mapAsync(1, request -> answer(port, request)));
    var handler =
        port.streams()
            ? BetweenRequests.atMost(ConnectionLimits.betweenRequests(system), closing)
                .join(answering)
            : answering;
    return port.tls()
        .map(tls -> Listener.tls(system, port.at(), limits, tls::engine, handler))
        .orElseGet(() -> Listener.plain(system, port.at(), limits, handler))
        .<Void>handle(
            (listener, failure) -> {
              if (failure != null) {
                throw new PortTaken(port.flag(), port.at(), failure);
              }
              listeners.put(port.flag(), listener);
              return null;
            })
        .toCompletableFuture();
  }

  /** Only cAdvisor's API reads a body; elsewhere one is drained up to the limit. */
  private CompletionStage<HttpResponse> answer(Port port, HttpRequest request) {
    if (request.entity().isStrict()) {
      return port.mux().serve(request);
    }
    if (port.flag().equals(CADVISOR)) {
      return request.toStrict(BODY_LIMIT.toMillis(), system).thenCompose(port.mux()::serve);
    }
    request.discardEntityBytes(system);
    return port.mux().serve(request);
  }
}
