package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for security contexts and the namespaces shared with the host. */
final class SecurityValidation {
  private static final Pattern SYSCTL =
      Pattern.compile("([a-z0-9]([-_a-z0-9]*[a-z0-9])?\\.)*[a-z0-9]([-_a-z0-9]*[a-z0-9])?");
  private static final int LONGEST_SYSCTL = 253;
  private static final List<String> SECCOMP_TYPES =
      List.of("Localhost", "RuntimeDefault", "Unconfined");

  private SecurityValidation() {}

  static void pod(PodSpec spec, FieldPath path, FieldErrors errors) {
    if (isTrue(spec.getHostNetwork())) {
      hostPorts(spec, errors);
    }
    if (isTrue(spec.getShareProcessNamespace()) && isTrue(spec.getHostPID())) {
      errors.invalid(
          FieldPath.of("spec").child("shareProcessNamespace"),
          true,
          "ShareProcessNamespace and HostPID cannot both be enabled");
    }
    var context = spec.getSecurityContext();
    if (context == null) {
      return;
    }
    errors.userId(path.child("fsGroup"), context.getFsGroup());
    errors.userId(path.child("runAsUser"), context.getRunAsUser());
    errors.userId(path.child("runAsGroup"), context.getRunAsGroup());
    for (var i = 0; i < context.getSupplementalGroups().size(); i++) {
      errors.userId(
          path.child("supplementalGroups").index(i), context.getSupplementalGroups().get(i));
    }
    if (context.getFsGroupChangePolicy() != null) {
      errors.oneOf(
          path.child("fsGroupChangePolicy"),
          context.getFsGroupChangePolicy(),
          List.of("Always", "OnRootMismatch"));
    }
    sysctls(context.getSysctls(), path.child("sysctls"), errors);
    seccomp(context.getSeccompProfile(), path.child("seccompProfile"), errors);
  }

  private static void hostPorts(PodSpec spec, FieldErrors errors) {
    var containers = FieldPath.of("spec").child("containers");
    for (var c = 0; c < spec.getContainers().size(); c++) {
      var ports = spec.getContainers().get(c).getPorts();
      for (var p = 0; p < ports.size(); p++) {
        var port = ports.get(p);
        if (port.getContainerPort() != null
            && !port.getContainerPort().equals(port.getHostPort())) {
          errors.invalid(
              containers.index(c).child("ports").index(p).child("containerPort"),
              port.getContainerPort(),
              "must match `hostPort` when `hostNetwork` is true");
        }
      }
    }
  }

  private static void sysctls(List<Sysctl> sysctls, FieldPath path, FieldErrors errors) {
    var names = new HashSet<String>();
    for (var i = 0; i < sysctls.size(); i++) {
      var name = sysctls.get(i).getName();
      var at = path.index(i).child("name");
      if (PodDefaults.isEmpty(name)) {
        errors.required(at, "");
      } else if (name.length() > LONGEST_SYSCTL || !SYSCTL.matcher(name).matches()) {
        errors.invalid(
            at,
            name,
            "must have at most " + LONGEST_SYSCTL + " characters and match regex " + SYSCTL);
      } else if (!names.add(name)) {
        errors.duplicate(at, name);
      }
    }
  }

  static void container(SecurityContext context, FieldPath path, FieldErrors errors) {
    if (context == null) {
      return;
    }
    errors.userId(path.child("runAsUser"), context.getRunAsUser());
    errors.userId(path.child("runAsGroup"), context.getRunAsGroup());
    if (context.getProcMount() != null) {
      errors.oneOf(path.child("procMount"), context.getProcMount(), List.of("Default", "Unmasked"));
    }
    seccomp(context.getSeccompProfile(), path.child("seccompProfile"), errors);
    if (Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())) {
      if (isTrue(context.getPrivileged())) {
        errors.invalid(
            path.child("allowPrivilegeEscalation"),
            false,
            "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
      }
      if (context.getCapabilities() != null
          && context.getCapabilities().getAdd().contains("CAP_SYS_ADMIN")) {
        errors.invalid(
            path.child("allowPrivilegeEscalation"),
            false,
            "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
      }
    }
  }

  private static void seccomp(SeccompProfile profile, FieldPath path, FieldErrors errors) {
    if (profile == null) {
      return;
    }
    errors.oneOf(path.child("type"), profile.getType(), SECCOMP_TYPES);
    var file = profile.getLocalhostProfile();
    var at = path.child("localhostProfile");
    if (!"Localhost".equals(profile.getType())) {
      if (file != null) {
        errors.invalid(at, file, "can only be set when seccomp type is Localhost");
      }
    } else if (file == null) {
      errors.required(at, "must be set when seccomp type is Localhost");
    } else {
      VolumeValidation.descending(file, at, errors);
    }
  }

  private static boolean isTrue(Boolean flag) {
    return flag != null && flag;
  }
}
