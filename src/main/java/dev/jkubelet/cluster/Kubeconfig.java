package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.ExecConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a kubeconfig file says of its current context. Relative paths in it count from its folder.
 *
 * @param authority who signs the server's certificate; the machine's authorities if empty
 * @param insecure whether any certificate of the server will do
 * @param proxy an HTTP proxy between
 * @param certificate what the client shows of itself in TLS
 */
public record Kubeconfig(
    Path file,
    URI server,
    Optional<PemSource> authority,
    boolean insecure,
    Optional<URI> proxy,
    Optional<ClientCertificate> certificate,
    Login login) {

  /** A client's certificate, chain included, and its key; both may be in one file. */
  record ClientCertificate(PemSource certificate, PemSource key) {}

  /** What is said of oneself in a request's header. */
  sealed interface Login {
    /** Nothing: the certificate says it. */
    record None() implements Login {}

    record Token(String token) implements Login {}

    /** A file that holds a token, and may get another at any time. */
    record TokenFile(Path path) implements Login {}

    record Password(String user, String password) implements Login {}

    /** A program that hands out a token or a certificate. */
    record Plugin(ExecConfig exec) implements Login {}
  }

  /** Reads and checks the file. */
  public static Kubeconfig read(Path file) {
    return KubeconfigFile.read(file);
  }

  /** The client's certificate, read anew; fails with {@link InvalidKubeconfig}. */
  Optional<Identity> identity() {
    return ClientTls.identity(this, TlsFiles.read(this));
  }

  /** The same, with the certificate and key of that file as soon as it is there. */
  Kubeconfig renewedIn(Path pair) {
    var renewed =
        certificate.map(
            own ->
                new ClientCertificate(
                    new PemSource.Renewed(pair, own.certificate()),
                    new PemSource.Renewed(pair, own.key())));
    return new Kubeconfig(file, server, authority, insecure, proxy, renewed, login);
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return file + " (" + server + ")";
  }
}
