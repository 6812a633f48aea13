package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a pod is called on the network.
 *
 * @param host the short name, at most 63 characters
 * @param domain {@code <subdomain>.<namespace>.svc.<cluster domain>}; empty without a subdomain
 * @param asFqdn whether the kernel shall know both, {@code spec.setHostnameAsFQDN}
 */
record PodHostname(String host, String domain, boolean asFqdn) {
  private static final int HOST_MAX = 63;
  private static final int KERNEL_MAX = 64;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?");

  /**
   * The kubelet's GeneratePodHostNameAndDomain.
   *
   * @throws VolumeException when hostname or subdomain is no DNS label
   */
  static PodHostname of(Pod pod, String clusterDomain) {
    var spec = pod.getSpec();
    var name = pod.getMetadata().getName();
    var host = given(spec.getHostname()).map(value -> label("Hostname", value)).orElse(name);
    var domain =
        given(spec.getSubdomain())
            .map(value -> label("Subdomain", value))
            .map(sub -> sub + "." + pod.getMetadata().getNamespace() + ".svc." + clusterDomain)
            .orElse("");
    return new PodHostname(
        truncated(name, host), domain, Boolean.TRUE.equals(spec.getSetHostnameAsFQDN()));
  }

  /**
   * What {@code uname -n} says inside.
   *
   * @throws VolumeException when it is more than the kernel takes
   */
  String nodename() {
    if (!asFqdn || domain.isEmpty()) {
      return host;
    }
    var fqdn = host + "." + domain;
    if (fqdn.length() > KERNEL_MAX) {
      throw VolumeException.badConfig(
          "failed to construct FQDN from pod hostname and cluster domain, FQDN %s is too long (%d characters is the max, %d characters requested)"
              .formatted(fqdn, KERNEL_MAX, fqdn.length()),
          null);
    }
    return fqdn;
  }

  private static Optional<String> given(String value) {
    return Optional.ofNullable(value).filter(text -> !text.isEmpty());
  }

  private static String label(String field, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw VolumeException.badConfig(
          "pod %s \"%s\" is not a valid DNS label: expected up to 63 lower case letters, digits and '-', starting and ending with a letter or digit"
              .formatted(field, value),
          null);
    }
    return value;
  }

  private static String truncated(String pod, String host) {
    if (host.length() <= HOST_MAX) {
      return host;
    }
    int end = HOST_MAX;
    while (end > 0 && (host.charAt(end - 1) == '-' || host.charAt(end - 1) == '.')) {
      end--;
    }
    if (end == 0) {
      throw VolumeException.badConfig(
          "hostname for pod \"%s\" was invalid: \"%s\"".formatted(pod, host), null);
    }
    return host.substring(0, end);
  }
}
