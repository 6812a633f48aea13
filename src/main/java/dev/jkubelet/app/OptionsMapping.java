package dev.jkubelet.app;

import dev.jkubelet.app.KubeletOptions.AuthorizationMode;
import dev.jkubelet.node.gc.DeadContainers;
import dev.jkubelet.node.gc.GarbageCollector;
import dev.jkubelet.node.registration.NodeSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * From settings by name to typed options; what the types can't say about a single value is checked
 * here.
 */
final class OptionsMapping {
  private static final Pattern DNS_1123 =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  /**
   * One for each pod and more, so that pulls which make no progress keep no other pod's waiting;
   * the engine itself downloads few layers at a time.
   */
  private static final int PARALLEL_PULLS = 250;

  private final Configuration settings;

  private OptionsMapping(Configuration settings) {
    this.settings = settings;
  }

  /**
   * @throws StartFailure when a value, or two together, are not as they must be
   */
  static KubeletOptions map(Configuration settings) {
    Rules.check(settings);
    var mapping = new OptionsMapping(settings);
    var pods = new PodsMapping(settings);
    var options =
        new KubeletOptions(
            mapping.node(),
            mapping.sources(),
            mapping.server(),
            mapping.engine(),
            pods.cgroups(),
            pods.confinement(),
            pods.cni(),
            mapping.dns(),
            mapping.containerLogs(),
            ClusterMapping.map(settings),
            settings.configz());
    Rules.checkPorts(options.server(), settings);
    return options;
  }

  private KubeletOptions.Node node() {
    var ips = settings.addresses("--node-ip");
    if (ips.size() > 2) {
      throw wrong(
          "--node-ip",
          "one address, or two for dual stack",
          String.join(",", settings.list("--node-ip")));
    }
    return new KubeletOptions.Node(
        nodeName(),
        ips,
        folder("--root-dir"),
        resources(),
        settings.flag("--keep-terminated-pod-volumes"),
        settings.duration("syncFrequency"));
  }

  private NodeSettings.Resources resources() {
    var amounts = new Amounts(settings);
    return new NodeSettings.Resources(
        settings.number("maxPods"),
        settings.number("podsPerCore"),
        amounts.reserved("systemReserved"),
        amounts.reserved("kubeReserved"),
        new EvictionMapping(settings).thresholds("evictionHard"));
  }

  private String nodeName() {
    var override = settings.text("--hostname-override");
    var name = (override.isEmpty() ? hostName() : override).strip().toLowerCase(Locale.ROOT);
    if (name.length() > 253 || !DNS_1123.matcher(name).matches()) {
      throw wrong(
          "--hostname-override",
          "a DNS-1123 name%s".formatted(override.isEmpty() ? ", as the machine's own is none" : ""),
          override.isEmpty() ? name : override);
    }
    return name;
  }

  private static String hostName() {
    try {
      return Files.readString(HOSTNAME);
    } catch (IOException e) {
      throw new StartFailure(
          "--hostname-override: expected a name, as the machine's can't be read: " + e, e);
    }
  }

  private KubeletOptions.Sources sources() {
    return new KubeletOptions.Sources(
        settings.path("staticPodPath"),
        settings.duration("fileCheckFrequency"),
        Optional.of(settings.text("staticPodURL"))
            .filter(url -> !url.isEmpty())
            .map(url -> webAddress("staticPodURL", url)),
        settings.headers("staticPodURLHeader"),
        settings.duration("httpCheckFrequency"));
  }

  private KubeletOptions.Server server() {
    var enabled = settings.flag("enableServer");
    return new KubeletOptions.Server(
        endpoint("address", "port").filter(_ -> enabled),
        endpoint("--read-only-bind-address", "readOnlyPort").filter(_ -> enabled),
        endpoint("healthzBindAddress", "healthzPort"),
        endpoint("--cadvisor-bind-address", "--cadvisor-port"),
        tls(),
        new KubeletOptions.Auth(
            settings.flag("authentication.anonymous.enabled"),
            authorizationMode(),
            settings.path("authentication.x509.clientCAFile"),
            new KubeletOptions.Webhook(
                settings.flag("authentication.webhook.enabled"),
                settings.duration("authentication.webhook.cacheTTL"),
                settings.duration("authorization.webhook.cacheAuthorizedTTL"),
                settings.duration("authorization.webhook.cacheUnauthorizedTTL"))),
        settings.flag("--enable-cadvisor-json-endpoints"),
        settings.duration("streamingConnectionIdleTimeout"));
  }

  private Optional<InetSocketAddress> endpoint(String address, String port) {
    return Optional.of(settings.number(port))
        .filter(number -> number != 0)
        .map(number -> new InetSocketAddress(settings.address(address), number));
  }

  private KubeletOptions.Tls tls() {
    return new KubeletOptions.Tls(
        settings
            .path("tlsCertFile")
            .orElseThrow(
                () -> wrong("tlsPrivateKeyFile", "a tlsCertFile (--tls-cert-file) with it", "")),
        settings
            .path("tlsPrivateKeyFile")
            .orElseThrow(
                () ->
                    wrong(
                        "tlsCertFile", "a tlsPrivateKeyFile (--tls-private-key-file) with it", "")),
        settings.selfSigned());
  }

  private AuthorizationMode authorizationMode() {
    return settings.text("authorization.mode").equals("Webhook")
        ? AuthorizationMode.WEBHOOK
        : AuthorizationMode.ALWAYS_ALLOW;
  }

  private KubeletOptions.Engine engine() {
    return new KubeletOptions.Engine(
        engineAddress("--docker-endpoint", settings.text("--docker-endpoint")),
        settings.text("--pod-infra-container-image"),
        settings.duration("runtimeRequestTimeout"),
        settings.duration("--image-pull-progress-deadline"),
        parallelPulls(),
        new DeadContainers(
            settings.duration("--minimum-container-ttl-duration"),
            settings.number("--maximum-dead-containers-per-container"),
            settings.number("--maximum-dead-containers")),
        new GarbageCollector.Settings(
            settings.number("imageGCHighThresholdPercent"),
            settings.number("imageGCLowThresholdPercent"),
            settings.duration("imageMinimumGCAge")),
        credentialProviders());
  }

  private int parallelPulls() {
    int most = settings.number("maxParallelImagePulls");
    if (!settings.flag("serializeImagePulls")) {
      return most == 0 ? PARALLEL_PULLS : most;
    }
    if (most > 1) {
      throw wrong(
          "maxParallelImagePulls",
          "1 as long as serializeImagePulls is true",
          String.valueOf(most));
    }
    return 1;
  }

  private Optional<KubeletOptions.CredentialProviderFiles> credentialProviders() {
    var configuration = settings.path("--image-credential-provider-config");
    var programs = settings.path("--image-credential-provider-bin-dir");
    if (configuration.isPresent() != programs.isPresent()) {
      throw new StartFailure(
          "--image-credential-provider-config: expected an --image-credential-provider-bin-dir with"
              + " it, and the other way round");
    }
    return configuration.map(
        file -> new KubeletOptions.CredentialProviderFiles(file, programs.orElseThrow()));
  }

  private KubeletOptions.Dns dns() {
    return new KubeletOptions.Dns(
        settings.addresses("clusterDNS"),
        settings.text("clusterDomain"),
        settings.path("resolvConf"));
  }

  private KubeletOptions.ContainerLogs containerLogs() {
    return new KubeletOptions.ContainerLogs(
        GoNumber.bytes(settings.text("containerLogMaxSize")).orElseThrow(),
        settings.number("containerLogMaxFiles"));
  }

  private Path folder(String key) {
    return settings.path(key).orElseThrow(() -> wrong(key, "the path of a folder", ""));
  }

  private URI webAddress(String key, String text) {
    return uri(text)
        .filter(uri -> List.of("http", "https").contains(uri.getScheme()) && uri.getHost() != null)
        .orElseThrow(() -> wrong(key, "an http or https URL", text));
  }

  private URI engineAddress(String key, String text) {
    return uri(text)
        .filter(
            uri ->
                switch (uri.getScheme()) {
                  case "unix" -> uri.getAuthority() == null && uri.getPath().length() > 1;
                  case "tcp" -> uri.getHost() != null && uri.getPort() > 0;
                  case String _ -> false;
                })
        .orElseThrow(() -> wrong(key, "unix:///path or tcp://host:port", text));
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getScheme() != null && !uri.isOpaque());
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private StartFailure wrong(String key, String expected, String got) {
    return new StartFailure(
        "%s: expected %s, got %s".formatted(settings.origin(key), expected, Flags.quoted(got)));
  }
}
