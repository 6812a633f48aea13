package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** The text of a pod's {@code /etc/hosts}, to the byte as the kubelet writes it. */
final class EtcHosts {
  private static final String MANAGED =
      """
      # Kubernetes-managed hosts file.
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;
  private static final String HOST_NETWORK = "# Kubernetes-managed hosts file (host network).\n";

  private EtcHosts() {}

  static String managed(Pod pod, List<String> ips, PodHostname name) {
    var text = new StringBuilder(MANAGED);
    for (var ip : ips) {
      text.append(ip).append('\t');
      if (!name.domain().isEmpty()) {
        text.append(name.host()).append('.').append(name.domain()).append('\t');
      }
      text.append(name.host()).append('\n');
    }
    return text.append(aliases(pod.getSpec().getHostAliases())).toString();
  }

  /** For a pod on the host's network: the host's own file, and the pod's aliases. */
  static String hostNetwork(Pod pod, String hostsOfHost) {
    return HOST_NETWORK + hostsOfHost + aliases(pod.getSpec().getHostAliases());
  }

  private static String aliases(List<HostAlias> aliases) {
    if (aliases == null || aliases.isEmpty()) {
      return "";
    }
    var text = new StringBuilder("\n# Entries added by HostAliases.\n");
    for (var alias : aliases) {
      text.append(alias.getIp())
          .append('\t')
          .append(String.join("\t", alias.getHostnames()))
          .append('\n');
    }
    return text.toString();
  }
}
