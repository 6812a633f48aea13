package dev.jkubelet.server;

import dev.jkubelet.server.auth.Authenticator;
import dev.jkubelet.server.auth.Authorizer;
import dev.jkubelet.server.auth.ClientCertificates;
import dev.jkubelet.server.auth.Gate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * TLS and the gate of the kubelet's port, as the flags want them and the files say. A connection
 * keeps the certificate it began with; authorities count as they are when a request comes.
 */
final class Access {
  private final ServerSettings settings;
  private final ReadFiles<Serving> serving;
  private final Optional<ReadFiles<List<X509Certificate>>> authorities;
  private final Gate gate;
  private volatile TlsContext tls;

  private Access(ServerSettings settings, Services services) {
    this.settings = settings;
    var files = new ArrayList<>(List.of(settings.certFile(), settings.keyFile()));
    settings.signed().ifPresent(files::add);
    this.serving = new ReadFiles<>(files, () -> Serving.load(settings));
    this.authorities =
        settings
            .clientCaFile()
            .map(
                file ->
                    new ReadFiles<>(
                        List.of(file), () -> Pem.certificates("--client-ca-file", file)));
    this.gate = gate(settings, services);
    this.tls = context();
  }

  /** Reads the certificates; blocks. */
  static Access load(ServerSettings settings, Services services) {
    return new Access(settings, services);
  }

  Gate gate() {
    return gate;
  }

  /** For one connection. */
  SSLEngine engine() {
    return tls.engine();
  }

  /** Until when the certificate is valid that is shown. */
  Instant certificateExpiry() {
    return serving.value().chain().getFirst().getNotAfter().toInstant();
  }

  /** Reads again what has changed; blocks. */
  synchronized void refresh() {
    boolean newAuthorities = authorities.map(ReadFiles::refresh).orElse(false);
    if (serving.refresh() || newAuthorities) {
      tls = context();
    }
  }

  private TlsContext context() {
    return TlsContext.of(
        settings, serving.value(), authorities.map(ReadFiles::value).orElse(List.of()));
  }

  private Gate gate(ServerSettings settings, Services services) {
    var authenticators = new ArrayList<Authenticator>();
    authorities.ifPresent(file -> authenticators.add(new ClientCertificates(file::value)));
    authenticators.addAll(services.tokens());
    var known = Authenticator.anyOf(List.copyOf(authenticators));
    var authorizer =
        settings.alwaysAllow()
            ? Authorizer.alwaysAllow()
            : services.webhook().orElseGet(Authorizer::denyAll);
    return new Gate(
        settings.anonymous() ? known.orElse(Authenticator.anonymous()) : known, authorizer);
  }
}
