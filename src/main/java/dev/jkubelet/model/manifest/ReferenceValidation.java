package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The rules for references to the pod's own fields (the downward API). */
final class ReferenceValidation {
  /** Fields that a variable may take. */
  static final List<String> VARIABLES =
      List.of(
          "metadata.name",
          "metadata.namespace",
          "metadata.uid",
          "spec.nodeName",
          "spec.serviceAccountName",
          "status.hostIP",
          "status.podIP",
          "status.podIPs");

  /** Fields that a file may hold. */
  static final List<String> FILES =
      List.of(
          "metadata.annotations",
          "metadata.labels",
          "metadata.name",
          "metadata.namespace",
          "metadata.uid");

  private static final List<String> RESOURCES =
      List.of(
          "limits.cpu",
          "limits.ephemeral-storage",
          "limits.memory",
          "requests.cpu",
          "requests.ephemeral-storage",
          "requests.memory");
  private static final List<String> CPU_DIVISORS = List.of("1m", "1");
  private static final List<String> BYTE_DIVISORS =
      List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");
  private static final Pattern SUBSCRIPT = Pattern.compile("([^\\[]+)\\['(.*)']", Pattern.DOTALL);

  private ReferenceValidation() {}

  static void field(
      ObjectFieldSelector field, List<String> supported, FieldPath path, FieldErrors errors) {
    var at = path.child("fieldPath");
    if (!"v1".equals(field.getApiVersion())) {
      errors.notSupported(path.child("apiVersion"), field.getApiVersion(), List.of("v1"));
      return;
    }
    if (PodDefaults.isEmpty(field.getFieldPath())) {
      errors.required(at, "");
      return;
    }
    var subscript = SUBSCRIPT.matcher(field.getFieldPath());
    if (!subscript.matches()) {
      if (!supported.contains(field.getFieldPath())) {
        errors.notSupported(at, field.getFieldPath(), supported);
      }
      return;
    }
    var key = subscript.group(2);
    switch (subscript.group(1)) {
      case "metadata.annotations" ->
          errors.invalid(at, key, NameRules.qualifiedName(key.toLowerCase(Locale.ROOT)));
      case "metadata.labels" -> errors.invalid(at, key, NameRules.qualifiedName(key));
      default -> errors.invalid(at, subscript.group(1), "does not support subscript");
    }
  }

  /**
   * @param named whether the container must be named, as in a volume
   */
  static void resource(
      ResourceFieldSelector field, boolean named, FieldPath path, FieldErrors errors) {
    var resource = field.getResource() == null ? "" : field.getResource();
    if (named && PodDefaults.isEmpty(field.getContainerName())) {
      errors.required(path.child("containerName"), "");
    }
    errors.oneOf(path.child("resource"), resource, RESOURCES);
    var divisor = field.getDivisor();
    if (divisor == null || ResourceValidation.amount(divisor).signum() == 0) {
      return;
    }
    var supported = resource.endsWith(".cpu") ? CPU_DIVISORS : BYTE_DIVISORS;
    if (!supported.contains(divisor.toString())) {
      errors.notSupported(path.child("divisor"), divisor, supported);
    }
  }
}
