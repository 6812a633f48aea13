package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.jkubelet.cluster.Kubeconfig.ClientCertificate;
import dev.jkubelet.cluster.Kubeconfig.Login;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Reads a kubeconfig file: only its current context counts, and that one is checked. */
final class KubeconfigFile {
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path file;

  private KubeconfigFile(Path file) {
    this.file = file;
  }

  static Kubeconfig read(Path file) {
    return new KubeconfigFile(file.toAbsolutePath().normalize()).read();
  }

  private Kubeconfig read() {
    var config = parse();
    var name = required("current-context", config.getCurrentContext());
    var context =
        named(
            "contexts",
            name,
            config.getContexts(),
            entry -> entry.getName(),
            entry -> entry.getContext());
    return kubeconfig(config, name, context);
  }

  private Kubeconfig kubeconfig(Config config, String name, Context context) {
    var clusterName =
        required("contexts[%s].context.cluster".formatted(name), context.getCluster());
    var cluster =
        named(
            "clusters",
            clusterName,
            config.getClusters(),
            entry -> entry.getName(),
            entry -> entry.getCluster());
    var where = "clusters[%s].cluster.".formatted(clusterName);
    if (!blank(cluster.getTlsServerName())) {
      throw wrong(where + "tls-server-name", "is not supported");
    }
    var userName = context.getUser();
    var user =
        blank(userName)
            ? new AuthInfo()
            : named(
                "users",
                userName,
                config.getUsers(),
                entry -> entry.getName(),
                entry -> entry.getUser());
    var userWhere = "users[%s].user.".formatted(userName);
    return new Kubeconfig(
        file,
        server(where + "server", cluster),
        pem(
            where + "certificate-authority",
            cluster.getCertificateAuthority(),
            cluster.getCertificateAuthorityData()),
        Objects.equals(cluster.getInsecureSkipTlsVerify(), true),
        proxy(where + "proxy-url", cluster),
        certificate(userWhere, user),
        login(userWhere, user));
  }

  private Config parse() {
    try {
      var config = YAML.readValue(Files.readString(file), Config.class);
      if (config == null) {
        throw new InvalidKubeconfig(file, "is empty; expected a kubeconfig (kind: Config)");
      }
      return config;
    } catch (NoSuchFileException e) {
      throw new InvalidKubeconfig(file, "no such file", e);
    } catch (JsonProcessingException e) {
      var place = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      throw new InvalidKubeconfig(
          file, place + "expected a kubeconfig in YAML or JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new InvalidKubeconfig(file, "can't be read: " + e.getMessage(), e);
    }
  }

  private <N, T> T named(
      String list, String name, List<N> entries, Function<N, String> names, Function<N, T> values) {
    return Optional.ofNullable(entries).orElse(List.of()).stream()
        .filter(entry -> entry != null && name.equals(names.apply(entry)))
        .map(values)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() -> wrong(list, "expected one with the name \"%s\"".formatted(name)));
  }

  private URI server(String field, Cluster cluster) {
    var server = uri(field, required(field, cluster.getServer()));
    var scheme = Objects.requireNonNullElse(server.getScheme(), "");
    if (server.getHost() == null || !List.of("https", "http").contains(scheme)) {
      throw wrong(field, "expected a URL such as https://10.0.0.1:6443, got \"" + server + "\"");
    }
    var text = server.toString();
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : server;
  }

  private Optional<URI> proxy(String field, Cluster cluster) {
    if (blank(cluster.getProxyUrl())) {
      return Optional.empty();
    }
    var proxy = uri(field, cluster.getProxyUrl());
    if (!"http".equals(proxy.getScheme()) || proxy.getHost() == null || proxy.getPort() < 0) {
      throw wrong(field, "expected http://HOST:PORT, got \"" + proxy + "\"");
    }
    return Optional.of(proxy);
  }

  private URI uri(String field, String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw wrong(field, "expected a URL, got \"" + text + "\"");
    }
  }

  private Optional<ClientCertificate> certificate(String where, AuthInfo user) {
    var certificate =
        pem(
            where + "client-certificate",
            user.getClientCertificate(),
            user.getClientCertificateData());
    var key = pem(where + "client-key", user.getClientKey(), user.getClientKeyData());
    if (certificate.isPresent() && key.isEmpty()) {
      throw wrong(where + "client-key", "expected the key of client-certificate, found none");
    }
    if (certificate.isEmpty() && key.isPresent()) {
      throw wrong(where + "client-certificate", "expected one for client-key, found none");
    }
    return certificate.map(present -> new ClientCertificate(present, key.orElseThrow()));
  }

  /** A file with a token beats a token, which is only what to begin with, as in client-go. */
  private Login login(String where, AuthInfo user) {
    if (!blank(user.getTokenFile())) {
      return new Login.TokenFile(resolved(user.getTokenFile()));
    }
    if (!blank(user.getToken())) {
      return new Login.Token(user.getToken());
    }
    if (!blank(user.getUsername())) {
      return new Login.Password(
          user.getUsername(), Objects.requireNonNullElse(user.getPassword(), ""));
    }
    if (user.getExec() != null) {
      required(where + "exec.command", user.getExec().getCommand());
      required(where + "exec.apiVersion", user.getExec().getApiVersion());
      return new Login.Plugin(user.getExec());
    }
    if (user.getAuthProvider() != null) {
      throw wrong(where + "auth-provider", "is not supported; expected exec or a token");
    }
    return new Login.None();
  }

  /** Data beats a file, as in client-go. */
  private Optional<PemSource> pem(String field, String path, String data) {
    if (!blank(data)) {
      try {
        var pem = new String(Base64.getDecoder().decode(data.replaceAll("\\s", "")), UTF_8);
        return Optional.of(new PemSource.Inline(field + "-data", pem));
      } catch (IllegalArgumentException e) {
        throw wrong(field + "-data", "expected base64: " + e.getMessage());
      }
    }
    return blank(path)
        ? Optional.empty()
        : Optional.of(new PemSource.InFile(field, resolved(path)));
  }

  private Path resolved(String path) {
    return file.resolveSibling(path).normalize();
  }

  private String required(String field, String value) {
    if (blank(value)) {
      throw wrong(field, "expected a value, found none");
    }
    return value;
  }

  private InvalidKubeconfig wrong(String field, String problem) {
    return InvalidKubeconfig.at(file, field, problem);
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
