package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules for containers and init containers. */
final class ContainerValidation {
  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
  private static final List<String> PROPAGATIONS =
      List.of("Bidirectional", "HostToContainer", "None");
  private static final Set<String> MESSAGE_POLICIES = Set.of("File", "FallbackToLogsOnError");

  private final Set<String> volumes;
  private final long graceSeconds;
  private final FieldErrors errors;
  private final Set<String> names = new HashSet<>();

  private ContainerValidation(Set<String> volumes, long graceSeconds, FieldErrors errors) {
    this.volumes = volumes;
    this.graceSeconds = graceSeconds;
    this.errors = errors;
  }

  static void validate(PodSpec spec, Set<String> volumes, FieldPath path, FieldErrors errors) {
    var rules = new ContainerValidation(volumes, spec.getTerminationGracePeriodSeconds(), errors);
    var containers = path.child("containers");
    if (spec.getContainers().isEmpty()) {
      errors.required(containers, "");
    }
    var hostPorts = new HashSet<String>();
    for (var i = 0; i < spec.getContainers().size(); i++) {
      rules.container(spec.getContainers().get(i), containers.index(i));
      rules.hostPorts(spec.getContainers().get(i), hostPorts, containers.index(i));
    }
    for (var i = 0; i < spec.getInitContainers().size(); i++) {
      var container = spec.getInitContainers().get(i);
      var at = path.child("initContainers").index(i);
      rules.container(container, at);
      // They run one after the other, so each may have the ports of the one before.
      rules.hostPorts(container, new HashSet<>(), at);
      if (container.getRestartPolicy() == null) {
        rules.runsOnce(container, at);
      } else {
        errors.oneOf(at.child("restartPolicy"), container.getRestartPolicy(), List.of("Always"));
      }
    }
  }

  private void container(Container container, FieldPath path) {
    name(container, path.child("name"));
    var image = container.getImage();
    if (PodDefaults.isEmpty(image)) {
      errors.required(path.child("image"), "");
    } else if (!image.equals(image.strip())) {
      errors.invalid(path.child("image"), image, "must not have leading or trailing whitespace");
    }
    HandlerValidation.lifecycle(
        container.getLifecycle(), graceSeconds, path.child("lifecycle"), errors);
    HandlerValidation.probe(
        container.getLivenessProbe(), true, path.child("livenessProbe"), errors);
    HandlerValidation.probe(container.getStartupProbe(), true, path.child("startupProbe"), errors);
    HandlerValidation.probe(
        container.getReadinessProbe(), false, path.child("readinessProbe"), errors);
    if (!MESSAGE_POLICIES.contains(container.getTerminationMessagePolicy())) {
      errors.invalid(
          path.child("terminationMessagePolicy"),
          container.getTerminationMessagePolicy(),
          "must be 'File' or 'FallbackToLogsOnError'");
    }
    ports(container.getPorts(), path.child("ports"));
    EnvValidation.variables(container.getEnv(), path.child("env"), errors);
    EnvValidation.sources(container.getEnvFrom(), path.child("envFrom"), errors);
    mounts(container, path.child("volumeMounts"));
    errors.oneOf(path.child("imagePullPolicy"), container.getImagePullPolicy(), PULL_POLICIES);
    ResourceValidation.validate(container.getResources(), path.child("resources"), errors);
    SecurityValidation.container(
        container.getSecurityContext(), path.child("securityContext"), errors);
  }

  private void name(Container container, FieldPath path) {
    var name = container.getName();
    if (PodDefaults.isEmpty(name)) {
      errors.required(path, "");
      return;
    }
    errors.invalid(path, name, NameRules.dnsLabel(name));
    if (!names.add(name)) {
      errors.duplicate(path, name);
    }
  }

  private void runsOnce(Container container, FieldPath path) {
    notForInit(container.getLifecycle(), path.child("lifecycle"));
    notForInit(container.getLivenessProbe(), path.child("livenessProbe"));
    notForInit(container.getReadinessProbe(), path.child("readinessProbe"));
    notForInit(container.getStartupProbe(), path.child("startupProbe"));
  }

  private void notForInit(Object field, FieldPath path) {
    if (field != null) {
      errors.forbidden(path, "must not be set for init containers");
    }
  }

  private void ports(List<ContainerPort> ports, FieldPath path) {
    var portNames = new HashSet<String>();
    for (var i = 0; i < ports.size(); i++) {
      var port = ports.get(i);
      var at = path.index(i);
      if (!PodDefaults.isEmpty(port.getName())) {
        var faults = NameRules.portName(port.getName());
        errors.invalid(at.child("name"), port.getName(), faults);
        if (faults.isEmpty() && !portNames.add(port.getName())) {
          errors.duplicate(at.child("name"), port.getName());
        }
      }
      if (port.getContainerPort() == null || port.getContainerPort() == 0) {
        errors.required(at.child("containerPort"), "");
      } else {
        errors.invalid(
            at.child("containerPort"),
            port.getContainerPort(),
            NameRules.portNumber(port.getContainerPort()));
      }
      if (isSet(port.getHostPort())) {
        errors.invalid(
            at.child("hostPort"), port.getHostPort(), NameRules.portNumber(port.getHostPort()));
      }
      if (!PodDefaults.isEmpty(port.getHostIP()) && !DnsValidation.isAddress(port.getHostIP())) {
        errors.invalid(at.child("hostIP"), port.getHostIP(), "must be valid IP address");
      }
      errors.oneOf(at.child("protocol"), port.getProtocol(), PROTOCOLS);
    }
  }

  private void hostPorts(Container container, Set<String> taken, FieldPath path) {
    for (var i = 0; i < container.getPorts().size(); i++) {
      var port = container.getPorts().get(i);
      var ip = port.getHostIP() == null ? "" : port.getHostIP();
      var key = port.getProtocol() + "/" + ip + "/" + port.getHostPort();
      if (isSet(port.getHostPort()) && !taken.add(key)) {
        errors.duplicate(path.child("ports").index(i).child("hostPort"), key);
      }
    }
  }

  private void mounts(Container container, FieldPath path) {
    var taken = new HashSet<String>();
    for (var i = 0; i < container.getVolumeMounts().size(); i++) {
      var mount = container.getVolumeMounts().get(i);
      var at = path.index(i);
      if (PodDefaults.isEmpty(mount.getName())) {
        errors.required(at.child("name"), "");
      } else if (!volumes.contains(mount.getName())) {
        errors.notFound(at.child("name"), mount.getName());
      }
      if (PodDefaults.isEmpty(mount.getMountPath())) {
        errors.required(at.child("mountPath"), "");
      } else if (!taken.add(mount.getMountPath())) {
        errors.invalid(at.child("mountPath"), mount.getMountPath(), "must be unique");
      }
      subPath(mount, at);
      propagation(container, mount.getMountPropagation(), at.child("mountPropagation"));
    }
  }

  private void subPath(VolumeMount mount, FieldPath path) {
    var given = !PodDefaults.isEmpty(mount.getSubPath());
    if (given) {
      VolumeValidation.descending(mount.getSubPath(), path.child("subPath"), errors);
    }
    if (!PodDefaults.isEmpty(mount.getSubPathExpr())) {
      if (given) {
        errors.invalid(
            path.child("subPathExpr"),
            mount.getSubPathExpr(),
            "subPathExpr and subPath are mutually exclusive");
      }
      VolumeValidation.descending(mount.getSubPathExpr(), path.child("subPathExpr"), errors);
    }
  }

  private void propagation(Container container, String propagation, FieldPath path) {
    if (propagation == null) {
      return;
    }
    errors.oneOf(path, propagation, PROPAGATIONS);
    var context = container.getSecurityContext();
    if (propagation.equals("Bidirectional")
        && (context == null || !Boolean.TRUE.equals(context.getPrivileged()))) {
      errors.forbidden(
          path, "Bidirectional mount propagation is available only to privileged containers");
    }
  }

  private static boolean isSet(Integer port) {
    return port != null && port != 0;
  }
}
