package dev.jkubelet.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The API server that a kubeconfig names. */
public final class RemoteApiServer implements ApiServer {
  /** How soon files with credentials that were replaced are noticed. */
  private static final Duration FILES_PERIOD = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor timer;
  private final Connections connections;
  private final Followings followings;
  private final RemotePods pods;
  private final RemoteNodes nodes;
  private final RemoteLeases leases;
  private final RemoteEvents events;
  private final RemoteReviews reviews;
  private final RemoteObjects objects;
  private final RemoteCertificates certificates;

  private RemoteApiServer(
      Kubeconfig kubeconfig,
      String nodeName,
      CallRates rates,
      Connections connections,
      LoginHeader login,
      CallListener listener) {
    this.connections = connections;
    timer = timer();
    var calls = new ApiCalls(kubeconfig.server(), connections, login, listener);
    var limited = calls.at(rates.api());
    followings = new Followings(limited, timer);
    pods = new RemotePods(limited, followings, nodeName);
    nodes = new RemoteNodes(calls, followings, nodeName);
    leases = new RemoteLeases(calls);
    events = new RemoteEvents(calls.at(rates.events()));
    reviews = new RemoteReviews(calls);
    objects = new RemoteObjects(limited, followings);
    certificates = new RemoteCertificates(calls, followings);
  }

  /**
   * Reads the kubeconfig and the files that it names, and connects to nobody yet: a server that is
   * away is a matter of each call. So is a certificate that is still to be asked for with the
   * bootstrap credentials.
   *
   * @param listener hears of all calls
   * @throws InvalidKubeconfig if one of the files can't be used
   */
  public static RemoteApiServer connect(
      NodeCredentials credentials, String nodeName, CallRates rates, CallListener listener) {
    return connect(credentials, nodeName, rates, listener, Clock.system(ZoneId.systemDefault()));
  }

  /** With a kubeconfig alone, as fast as one likes. */
  public static RemoteApiServer connect(Path kubeconfig, String nodeName) {
    return connect(Kubeconfig.read(kubeconfig), nodeName, FILES_PERIOD);
  }

  /**
   * @param clock by which certificates expire
   */
  static RemoteApiServer connect(
      NodeCredentials credentials,
      String nodeName,
      CallRates rates,
      CallListener listener,
      Clock clock) {
    var store = new CertificateStore(credentials.certDir(), "kubelet-client", clock);
    var bootstrap =
        credentials
            .bootstrap()
            .filter(_ -> !Bootstrap.valid(credentials.kubeconfig(), clock.instant()))
            .map(Kubeconfig::read);
    bootstrap.ifPresent(first -> Bootstrap.write(credentials.kubeconfig(), first, store.current()));
    var own = Kubeconfig.read(credentials.kubeconfig());
    if (bootstrap.isEmpty() && !(credentials.rotate() && own.certificate().isPresent())) {
      return server(own, nodeName, rates, listener, FILES_PERIOD, true);
    }
    var server =
        server(
            own.renewedIn(store.current()),
            nodeName,
            rates,
            listener,
            FILES_PERIOD,
            bootstrap.isEmpty());
    server.followings.add(
        new ClientRenewal(
                store,
                nodeName,
                own,
                server.certificates(),
                credentials
                    .bootstrap()
                    .map(Kubeconfig::read)
                    .map(first -> connect(first, nodeName, FILES_PERIOD)),
                !credentials.rotate(),
                server.connections::checkFiles)
            .start());
    return server;
  }

  /**
   * @param filesPeriod how often files with credentials are looked at
   */
  static RemoteApiServer connect(Kubeconfig kubeconfig, String nodeName, Duration filesPeriod) {
    return server(kubeconfig, nodeName, CallRates.UNLIMITED, CallListener.NONE, filesPeriod, true);
  }

  private static RemoteApiServer server(
      Kubeconfig kubeconfig,
      String nodeName,
      CallRates rates,
      CallListener listener,
      Duration filesPeriod,
      boolean complete) {
    var login = LoginHeader.of(kubeconfig, Clock.systemUTC());
    var connections = new Connections(kubeconfig, login);
    if (complete) {
      connections.open();
    } else {
      connections.checkFiles();
    }
    var server = new RemoteApiServer(kubeconfig, nodeName, rates, connections, login, listener);
    connections.watchFiles(server.timer, filesPeriod);
    return server;
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("api-server-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  @Override
  public PodsApi pods() {
    return pods;
  }

  @Override
  public NodesApi nodes() {
    return nodes;
  }

  @Override
  public LeasesApi leases() {
    return leases;
  }

  @Override
  public EventsApi events() {
    return events;
  }

  @Override
  public ReviewsApi reviews() {
    return reviews;
  }

  @Override
  public ObjectsApi objects() {
    return objects;
  }

  @Override
  public CertificatesApi certificates() {
    return certificates;
  }

  @Override
  public Optional<Instant> certificateExpiry() {
    return connections.certificateExpiry();
  }

  @Override
  public void close() {
    followings.close();
    timer.shutdownNow();
    connections.close();
  }
}
