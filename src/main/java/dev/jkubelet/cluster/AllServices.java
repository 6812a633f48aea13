package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every service of the cluster, stripped to what variables tell of it. */
final class AllServices implements Follower<Service> {
  private final LastKnown<List<Service>> all;
  private final Map<String, Service> known = new HashMap<>();

  /**
   * @param all hears of the whole set
   */
  AllServices(LastKnown<List<Service>> all) {
    this.all = all;
  }

  @Override
  public void listed(List<Service> services) {
    known.clear();
    services.forEach(service -> known.put(key(service), stripped(service)));
    tell();
  }

  @Override
  public void changed(Service service) {
    known.put(key(service), stripped(service));
    tell();
  }

  @Override
  public void deleted(Service service) {
    known.remove(key(service));
    tell();
  }

  private void tell() {
    all.changed(List.copyOf(known.values()));
  }

  private static String key(Service service) {
    return service.getMetadata().getNamespace() + "/" + service.getMetadata().getName();
  }

  private static Service stripped(Service service) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(service.getMetadata().getName())
        .endMetadata()
        .withNewSpec()
        .withClusterIP(service.getSpec().getClusterIP())
        .withPorts(service.getSpec().getPorts())
        .endSpec()
        .build();
  }
}
