package dev.jkubelet.volume;

import dev.jkubelet.runtime.SandboxConfig;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * How this node resolves names for its pods.
 *
 * @param resolvConf {@code --resolv-conf}; empty turns off the host's: pods ask themselves
 * @param clusterDns the addresses of the cluster's servers
 * @param clusterDomain {@code clusterDomain}; empty for none
 * @param nodeIps the node's addresses: which loopback a pod asks when {@code resolvConf} is empty
 */
public record PodDns(
    Optional<Path> resolvConf,
    List<String> clusterDns,
    String clusterDomain,
    List<String> nodeIps) {
  private static final int MAX_SERVERS = 3;
  private static final int MAX_SEARCHES = 6;
  private static final int MAX_SEARCH_CHARS = 256;

  /**
   * A pod's resolv.conf, and what its events should tell.
   *
   * @param warnings in order; empty when all is well
   */
  public record Result(SandboxConfig.Dns dns, List<Warning> warnings) {}

  /**
   * Something of the wish was not done.
   *
   * @param reason the event's, {@code DNSConfigForming} or {@code MissingClusterDNS}
   */
  public record Warning(String reason, String message) {}

  /** The kubelet's GetPodDNS. Reads the host's file, so it blocks for a moment. */
  public Result of(Pod pod) throws IOException {
    var warnings = new ArrayList<Warning>();
    var base =
        switch (kind(pod)) {
          case NONE -> new SandboxConfig.Dns(List.of(), List.of(), List.of());
          case HOST -> host();
          case CLUSTER -> {
            if (clusterDns.isEmpty()) {
              warnings.add(missingClusterDns(pod));
              yield host();
            }
            yield cluster(pod);
          }
        };
    var config = pod.getSpec().getDnsConfig();
    var wanted = config == null ? base : merged(base, config);
    return new Result(limited(wanted, warnings), List.copyOf(warnings));
  }

  private enum Kind {
    NONE,
    HOST,
    CLUSTER
  }

  private static Kind kind(Pod pod) {
    boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
    return switch (Optional.ofNullable(pod.getSpec().getDnsPolicy()).orElse("ClusterFirst")) {
      case "None" -> Kind.NONE;
      case "Default" -> Kind.HOST;
      case "ClusterFirst" -> hostNetwork ? Kind.HOST : Kind.CLUSTER;
      default -> Kind.CLUSTER; // ClusterFirstWithHostNet; the kubelet treats the unknown alike
    };
  }

  private SandboxConfig.Dns hostFile() throws IOException {
    return resolvConf.isPresent()
        ? ResolvConf.read(resolvConf.get())
        : new SandboxConfig.Dns(List.of(), List.of(), List.of());
  }

  private SandboxConfig.Dns host() throws IOException {
    if (resolvConf.isPresent()) {
      return hostFile();
    }
    // Without this the engine would hand down the host's resolv.conf after all.
    var loopbacks = nodeIps.stream().map(ip -> ip.contains(":") ? "::1" : "127.0.0.1").toList();
    return new SandboxConfig.Dns(
        loopbacks.isEmpty() ? List.of("127.0.0.1") : loopbacks, List.of("."), List.of());
  }

  private SandboxConfig.Dns cluster(Pod pod) throws IOException {
    var hostSearches = hostFile().searches();
    var searches = new LinkedHashSet<String>();
    if (!clusterDomain.isEmpty()) {
      searches.add(pod.getMetadata().getNamespace() + ".svc." + clusterDomain);
      searches.add("svc." + clusterDomain);
      searches.add(clusterDomain);
    }
    searches.addAll(hostSearches);
    return new SandboxConfig.Dns(clusterDns, List.copyOf(searches), List.of("ndots:5"));
  }

  private static Warning missingClusterDns(Pod pod) {
    var meta = pod.getMetadata();
    return new Warning(
        "MissingClusterDNS",
        ("pod: \"%s_%s(%s)\". kubelet does not have ClusterDNS IP configured and cannot create Pod"
                + " using \"ClusterFirst\" policy. Falling back to \"Default\" policy.")
            .formatted(meta.getName(), meta.getNamespace(), meta.getUid()));
  }

  private static SandboxConfig.Dns merged(SandboxConfig.Dns base, PodDNSConfig config) {
    SequencedMap<String, String> options = new LinkedHashMap<>();
    for (var option : base.options()) {
      int colon = option.indexOf(':');
      options.put(
          colon < 0 ? option : option.substring(0, colon),
          colon < 0 ? "" : option.substring(colon + 1));
    }
    for (PodDNSConfigOption option : config.getOptions()) {
      options.put(option.getName(), Optional.ofNullable(option.getValue()).orElse(""));
    }
    return new SandboxConfig.Dns(
        union(base.servers(), config.getNameservers()),
        union(base.searches(), config.getSearches()),
        options.entrySet().stream()
            .map(o -> o.getValue().isEmpty() ? o.getKey() : o.getKey() + ":" + o.getValue())
            .toList());
  }

  private static List<String> union(List<String> first, List<String> second) {
    var all = new LinkedHashSet<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }

  private static SandboxConfig.Dns limited(SandboxConfig.Dns dns, List<Warning> warnings) {
    var servers = dns.servers();
    if (servers.size() > MAX_SERVERS) {
      servers = servers.subList(0, MAX_SERVERS);
      warnings.add(
          new Warning(
              "DNSConfigForming",
              "Nameserver limits were exceeded, some nameservers have been omitted, the applied"
                  + " nameserver line is: "
                  + String.join(" ", servers)));
    }
    var searches = dns.searches();
    int keep = Math.min(searches.size(), MAX_SEARCHES);
    while (String.join(" ", searches.subList(0, keep)).length() > MAX_SEARCH_CHARS) {
      keep--;
    }
    if (keep < searches.size()) {
      searches = searches.subList(0, keep);
      warnings.add(
          new Warning(
              "DNSConfigForming",
              "Search Line limits were exceeded, some search paths have been omitted, the applied"
                  + " search line is: "
                  + String.join(" ", searches)));
    }
    return new SandboxConfig.Dns(List.copyOf(servers), List.copyOf(searches), dns.options());
  }
}
