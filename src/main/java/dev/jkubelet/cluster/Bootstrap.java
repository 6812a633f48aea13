package dev.jkubelet.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a kubeconfig that may only ask for a certificate to one that has it. */
final class Bootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(Bootstrap.class);
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER));

  private Bootstrap() {}

  /** Whether the kubeconfig has a client certificate, none of whose chain has expired. */
  static boolean valid(Path kubeconfig, Instant now) {
    if (!Files.exists(kubeconfig)) {
      return false;
    }
    try {
      var identity = Kubeconfig.read(kubeconfig).identity();
      return identity.isPresent() && identity.get().validAt(now);
    } catch (InvalidKubeconfig e) {
      LOG.warn("Bootstrapping, for {}", e.getMessage());
      return false;
    }
  }

  /** Writes the kubeconfig that the kubelet writes: the same server, another certificate. */
  static void write(Path kubeconfig, Kubeconfig bootstrap, Path pair) {
    var user = Map.of("client-certificate", pair.toString(), "client-key", pair.toString());
    var context =
        Map.of("cluster", "default-cluster", "namespace", "default", "user", "default-auth");
    var config = new LinkedHashMap<String, Object>();
    config.put("apiVersion", "v1");
    config.put("kind", "Config");
    config.put(
        "clusters", List.of(Map.of("name", "default-cluster", "cluster", cluster(bootstrap))));
    config.put("users", List.of(Map.of("name", "default-auth", "user", user)));
    config.put("contexts", List.of(Map.of("name", "default-context", "context", context)));
    config.put("current-context", "default-context");
    try {
      Files.createDirectories(kubeconfig.toAbsolutePath().getParent());
      var file =
          Files.createTempFile(
              kubeconfig.toAbsolutePath().getParent(),
              "kubeconfig",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, YAML.writeValueAsString(config));
      Files.move(file, kubeconfig, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new InvalidKubeconfig(kubeconfig, "can't be written: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> cluster(Kubeconfig bootstrap) {
    var cluster = new LinkedHashMap<String, Object>();
    bootstrap
        .authority()
        .ifPresent(
            authority -> {
              switch (authority) {
                case PemSource.Inline(_, var pem) ->
                    cluster.put(
                        "certificate-authority-data",
                        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)));
                case PemSource.InFile(_, var path) ->
                    cluster.put("certificate-authority", path.toString());
                case PemSource.Renewed(_, _) ->
                    throw new IllegalStateException("authorities are not renewed");
              }
            });
    if (bootstrap.insecure()) {
      cluster.put("insecure-skip-tls-verify", true);
    }
    bootstrap.proxy().ifPresent(proxy -> cluster.put("proxy-url", proxy.toString()));
    cluster.put("server", bootstrap.server().toString());
    return cluster;
  }
}
