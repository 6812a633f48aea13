package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Variables that tell a container where services are, as the kubelet's envvars package has them.
 */
final class ServiceEnv {
  /** {@code --master-service-namespace}'s default: where the API server's own service is. */
  private static final String MASTER_NAMESPACE = "default";

  private static final String MASTER = "kubernetes";

  private ServiceEnv() {}

  /**
   * Those of the API server itself, and of the pod's namespace where the pod wants them.
   *
   * @param links the pod's {@code enableServiceLinks}; null counts as true
   */
  static SortedMap<String, String> of(List<Service> services, String namespace, Boolean links) {
    var visible = new LinkedHashMap<String, Service>();
    for (var service : services) {
      if (!hasAddress(service)) {
        continue;
      }
      var meta = service.getMetadata();
      if (meta.getNamespace().equals(MASTER_NAMESPACE) && meta.getName().equals(MASTER)) {
        visible.putIfAbsent(meta.getName(), service);
      } else if (meta.getNamespace().equals(namespace) && !Boolean.FALSE.equals(links)) {
        visible.put(meta.getName(), service);
      }
    }
    var variables = new TreeMap<String, String>();
    visible.values().forEach(service -> describe(service, variables));
    return variables;
  }

  private static boolean hasAddress(Service service) {
    return Optional.ofNullable(service.getSpec().getClusterIP())
        .filter(ip -> !ip.isEmpty() && !ip.equals("None"))
        .isPresent();
  }

  private static void describe(Service service, Map<String, String> variables) {
    var prefix = name(service.getMetadata().getName());
    var address = service.getSpec().getClusterIP();
    var ports = Optional.ofNullable(service.getSpec().getPorts()).orElse(List.of());
    variables.put(prefix + "_SERVICE_HOST", address);
    if (ports.isEmpty()) {
      return;
    }
    var first = ports.getFirst();
    variables.put(prefix + "_SERVICE_PORT", first.getPort().toString());
    variables.put(prefix + "_PORT", url(address, first));
    for (var port : ports) {
      if (port.getName() != null && !port.getName().isEmpty()) {
        variables.put(prefix + "_SERVICE_PORT_" + name(port.getName()), port.getPort().toString());
      }
      link(prefix, address, port, variables);
    }
  }

  /** As Docker's links once had them. */
  private static void link(
      String prefix, String address, ServicePort port, Map<String, String> variables) {
    var name = prefix + "_PORT_" + port.getPort() + "_" + protocol(port).toUpperCase(Locale.ROOT);
    variables.put(name, url(address, port));
    variables.put(name + "_PROTO", protocol(port));
    variables.put(name + "_PORT", port.getPort().toString());
    variables.put(name + "_ADDR", address);
  }

  private static String url(String address, ServicePort port) {
    var host = address.contains(":") ? "[" + address + "]" : address;
    return protocol(port) + "://" + host + ":" + port.getPort();
  }

  private static String protocol(ServicePort port) {
    return Optional.ofNullable(port.getProtocol())
        .filter(protocol -> !protocol.isEmpty())
        .orElse("TCP")
        .toLowerCase(Locale.ROOT);
  }

  private static String name(String text) {
    return text.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
