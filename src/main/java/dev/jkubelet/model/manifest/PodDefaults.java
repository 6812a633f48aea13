package dev.jkubelet.model.manifest;

import dev.jkubelet.model.GoQuantity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills in what a manifest leaves out, as the v1 API does for a pod (its {@code SetDefaults_…}
 * functions). What the API server gives away by admission (service accounts, priorities) stays out.
 */
public final class PodDefaults {
  private static final long GRACE_PERIOD_SECONDS = 30;

  private PodDefaults() {}

  /** Changes {@code pod} itself and returns it; applying it twice changes nothing more. */
  public static Pod apply(Pod pod) {
    var spec = pod.getSpec();
    for (var containers : List.of(spec.getInitContainers(), spec.getContainers())) {
      for (var container : containers) {
        container(container);
        if (isTrue(spec.getHostNetwork())) {
          container.getPorts().forEach(PodDefaults::onTheHost);
        }
      }
    }
    spec.getVolumes().forEach(VolumeDefaults::apply);
    spec(spec);
    return pod;
  }

  private static void spec(PodSpec spec) {
    if (isEmpty(spec.getDnsPolicy())) {
      spec.setDnsPolicy("ClusterFirst");
    }
    if (isEmpty(spec.getRestartPolicy())) {
      spec.setRestartPolicy("Always");
    }
    if (spec.getSecurityContext() == null) {
      spec.setSecurityContext(new PodSecurityContext());
    }
    if (spec.getTerminationGracePeriodSeconds() == null) {
      spec.setTerminationGracePeriodSeconds(GRACE_PERIOD_SECONDS);
    }
    if (isEmpty(spec.getSchedulerName())) {
      spec.setSchedulerName("default-scheduler");
    }
    if (spec.getEnableServiceLinks() == null) {
      spec.setEnableServiceLinks(true);
    }
    if (spec.getOverhead() != null) {
      spec.setOverhead(inThousandths(spec.getOverhead()));
    }
  }

  private static void container(Container container) {
    if (isEmpty(container.getImagePullPolicy())) {
      container.setImagePullPolicy(isLatest(container.getImage()) ? "Always" : "IfNotPresent");
    }
    if (isEmpty(container.getTerminationMessagePath())) {
      container.setTerminationMessagePath("/dev/termination-log");
    }
    if (isEmpty(container.getTerminationMessagePolicy())) {
      container.setTerminationMessagePolicy("File");
    }
    for (var port : container.getPorts()) {
      if (isEmpty(port.getProtocol())) {
        port.setProtocol("TCP");
      }
    }
    container.getEnv().forEach(PodDefaults::variable);
    resources(container);
    probe(container.getLivenessProbe());
    probe(container.getReadinessProbe());
    probe(container.getStartupProbe());
    lifecycle(container.getLifecycle());
  }

  private static void onTheHost(ContainerPort port) {
    if (port.getHostPort() == null || port.getHostPort() == 0) {
      port.setHostPort(port.getContainerPort());
    }
  }

  /** An image without tag and digest is {@code latest}, which may change behind its name. */
  private static boolean isLatest(String image) {
    if (isEmpty(image)) {
      return false;
    }
    var digest = image.indexOf('@');
    var name = digest < 0 ? image : image.substring(0, digest);
    var colon = name.indexOf(':', name.lastIndexOf('/') + 1);
    return colon < 0 ? digest < 0 : name.substring(colon + 1).equals("latest");
  }

  private static void variable(EnvVar variable) {
    var from = variable.getValueFrom();
    if (from != null) {
      fieldRef(from.getFieldRef());
    }
  }

  static void fieldRef(ObjectFieldSelector field) {
    if (field != null && isEmpty(field.getApiVersion())) {
      field.setApiVersion("v1");
    }
  }

  private static void resources(Container container) {
    if (container.getResources() == null) {
      container.setResources(new ResourceRequirements());
    }
    var resources = container.getResources();
    if (resources.getLimits() != null && !resources.getLimits().isEmpty()) {
      var requests = new LinkedHashMap<String, Quantity>();
      if (resources.getRequests() != null) {
        requests.putAll(resources.getRequests());
      }
      resources.getLimits().forEach(requests::putIfAbsent);
      resources.setRequests(inThousandths(requests));
      resources.setLimits(inThousandths(resources.getLimits()));
    } else if (resources.getRequests() != null) {
      resources.setRequests(inThousandths(resources.getRequests()));
    }
  }

  private static Map<String, Quantity> inThousandths(Map<String, Quantity> quantities) {
    var rounded = new LinkedHashMap<String, Quantity>();
    quantities.forEach((name, value) -> rounded.put(name, inThousandths(value)));
    return rounded;
  }

  private static Quantity inThousandths(Quantity quantity) {
    return GoQuantity.parse(quantity.toString())
        .map(GoQuantity::inThousandths)
        .map(GoQuantity::toModel)
        .orElse(quantity);
  }

  private static void probe(Probe probe) {
    if (probe == null) {
      return;
    }
    probe.setTimeoutSeconds(orElse(probe.getTimeoutSeconds(), 1));
    probe.setPeriodSeconds(orElse(probe.getPeriodSeconds(), 10));
    probe.setSuccessThreshold(orElse(probe.getSuccessThreshold(), 1));
    probe.setFailureThreshold(orElse(probe.getFailureThreshold(), 3));
    httpGet(probe.getHttpGet());
  }

  private static void lifecycle(Lifecycle lifecycle) {
    if (lifecycle != null) {
      hook(lifecycle.getPostStart());
      hook(lifecycle.getPreStop());
    }
  }

  private static void hook(LifecycleHandler hook) {
    if (hook != null) {
      httpGet(hook.getHttpGet());
    }
  }

  private static void httpGet(HTTPGetAction get) {
    if (get == null) {
      return;
    }
    if (isEmpty(get.getPath())) {
      get.setPath("/");
    }
    if (isEmpty(get.getScheme())) {
      get.setScheme("HTTP");
    }
  }

  private static Integer orElse(Integer value, int otherwise) {
    return value == null || value == 0 ? Integer.valueOf(otherwise) : value;
  }

  static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  private static boolean isTrue(Boolean flag) {
    return flag != null && flag;
  }
}
