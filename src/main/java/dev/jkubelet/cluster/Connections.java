package dev.jkubelet.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the API server. HTTP/2 carries all on one, so it is replaced as a whole: when a
 * file with credentials changed, when a plugin gave another certificate, and when the server has
 * gone silent on it, for a connection whose other end vanished would stay mute for a quarter of an
 * hour.
 */
final class Connections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  /** What is under way when credentials change may still end on the old connection. */
  private static final Duration LEAVE = Duration.ofSeconds(15);

  private final Kubeconfig kubeconfig;
  private final LoginHeader login;
  private Optional<Connection> current = Optional.empty();
  private final List<Connection> overflow = new ArrayList<>();
  private Optional<TlsFiles> unusable = Optional.empty();
  private String told = "";
  private volatile Optional<Instant> expiry = Optional.empty();

  Connections(Kubeconfig kubeconfig, LoginHeader login) {
    this.kubeconfig = kubeconfig;
    this.login = login;
  }

  /** Fails with {@link InvalidKubeconfig} if the files that it names can't be used. */
  synchronized void open() {
    current = Optional.of(connection(TlsFiles.read(kubeconfig), Optional.empty()));
  }

  /** Looks at the files that the kubeconfig names, again and again. */
  void watchFiles(ScheduledExecutorService timer, Duration period) {
    var _ =
        timer.scheduleWithFixedDelay(
            this::checkFiles, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** May block while a plugin runs. */
  Connection current() throws IOException, InterruptedException {
    var identity = login.identity();
    synchronized (this) {
      var last = current.orElseThrow(() -> new IOException("there are no credentials yet"));
      if (!last.identity().equals(identity)) {
        replace(connection(last.files(), identity), LEAVE);
      }
      return current.orElseThrow();
    }
  }

  /**
   * One with room for a stream, which is taken: the current one, or one of those that carry only
   * streams.
   */
  Connection forStream() throws IOException, InterruptedException {
    var first = current();
    synchronized (this) {
      if (first.takeStream()) {
        return first;
      }
      for (var other : overflow) {
        if (other.takeStream()) {
          return other;
        }
      }
      var next = connection(first.files(), first.identity());
      overflow.add(next);
      next.takeStream();
      return next;
    }
  }

  /** The server said nothing on it for the whole of a request's time. */
  synchronized void silent(Connection connection) {
    if (!gaveUp(connection)) {
      LOG.warn("{} is silent: connecting anew", kubeconfig.server());
      replace(connection(connection.files(), connection.identity()), Duration.ZERO);
    }
  }

  /** Whether there is another one by now. */
  synchronized boolean gaveUp(Connection connection) {
    return !Optional.of(connection).equals(current) && !overflow.contains(connection);
  }

  /** Connects anew if the files that the kubeconfig names hold something else by now. */
  void checkFiles() {
    try {
      var files = TlsFiles.read(kubeconfig);
      synchronized (this) {
        var known = current.map(Connection::files);
        if (!Optional.of(files).equals(known) && !Optional.of(files).equals(unusable)) {
          unusable = Optional.of(files);
          replace(connection(files, current.flatMap(Connection::identity)), LEAVE);
          unusable = Optional.empty();
          LOG.info("The credentials of {} changed: connecting with them", kubeconfig.file());
        }
      }
    } catch (InvalidKubeconfig e) {
      tell(e.getMessage());
    }
  }

  /** Once, for the files are looked at often; and not while the first are still to come. */
  private synchronized void tell(String problem) {
    if (current.isPresent() && !problem.equals(told)) {
      LOG.warn("Credentials can't be used: {}", problem);
      told = problem;
    }
  }

  /** What is under way on the old one may end there for a while, what follows objects may not. */
  private void replace(Connection next, Duration leave) {
    var old = current;
    current = Optional.of(next);
    old.map(Connection::client).ifPresent(client -> let(client, leave));
    overflow.forEach(connection -> let(connection.client(), leave));
    overflow.clear();
  }

  private static void let(HttpClient client, Duration leave) {
    if (leave.isZero()) {
      client.shutdownNow();
    } else {
      client.shutdown();
      CompletableFuture.delayedExecutor(leave.toMillis(), TimeUnit.MILLISECONDS)
          .execute(client::shutdownNow);
    }
  }

  private Connection connection(TlsFiles files, Optional<Identity> identity) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(ClientTls.context(kubeconfig, files, identity));
    kubeconfig
        .proxy()
        .map(proxy -> ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())))
        .ifPresent(builder::proxy);
    expiry =
        ClientTls.identity(kubeconfig, files)
            .or(() -> identity)
            .map(shown -> shown.leaf().getNotAfter().toInstant());
    return new Connection(builder.build(), files, identity);
  }

  /** Until when the certificate is valid that is shown now; empty when none is. Never blocks. */
  Optional<Instant> certificateExpiry() {
    return expiry;
  }

  @Override
  public synchronized void close() {
    current.map(Connection::client).ifPresent(HttpClient::shutdownNow);
    overflow.forEach(connection -> connection.client().shutdownNow());
  }
}
