package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The rules that the API server checks when a pod is created, as far as a node acts on the fields.
 * Scheduling (affinity, spread) is no business of a node and isn't checked. As in the kubelet 1.20,
 * a static pod may name secrets and config maps. One rule is stricter than the kubelet's: a UID
 * given in a manifest must be fit for a folder's name.
 */
public final class PodValidation {
  private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> DNS_POLICIES =
      List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
  private static final List<String> TAINT_EFFECTS =
      List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
  private static final int MOST_ANNOTATION_BYTES = 256 << 10;

  private PodValidation() {}

  /** The faults of a defaulted and named pod; empty if it is valid. */
  public static List<FieldError> validate(Pod pod) {
    var errors = new FieldErrors();
    metadata(pod.getMetadata(), errors);
    spec(pod.getSpec(), errors);
    return errors.list();
  }

  private static void metadata(ObjectMeta metadata, FieldErrors errors) {
    var path = FieldPath.of("metadata");
    if (PodDefaults.isEmpty(metadata.getName())) {
      errors.required(path.child("name"), "name or generateName is required");
    } else {
      named(errors, path.child("name"), metadata.getName(), NameRules::dnsSubdomain);
    }
    if (PodDefaults.isEmpty(metadata.getNamespace())) {
      errors.required(path.child("namespace"), "");
    } else {
      named(errors, path.child("namespace"), metadata.getNamespace(), NameRules::dnsLabel);
    }
    named(errors, path.child("uid"), metadata.getUid(), NameRules::podUid);
    labels(errors, path.child("labels"), metadata.getLabels());
    annotations(errors, path.child("annotations"), metadata.getAnnotations());
  }

  private static void labels(FieldErrors errors, FieldPath path, Map<String, String> labels) {
    if (labels != null) {
      labels.forEach(
          (key, value) -> {
            errors.invalid(path.key(key), key, NameRules.qualifiedName(key));
            errors.invalid(path.key(key), value, NameRules.labelValue(value));
          });
    }
  }

  private static void annotations(
      FieldErrors errors, FieldPath path, Map<String, String> annotations) {
    if (annotations == null) {
      return;
    }
    var size = 0L;
    for (var annotation : annotations.entrySet()) {
      var key = annotation.getKey();
      errors.invalid(path.key(key), key, NameRules.qualifiedName(key.toLowerCase(Locale.ROOT)));
      size += key.length() + annotation.getValue().length();
    }
    if (size > MOST_ANNOTATION_BYTES) {
      errors.tooLong(path, MOST_ANNOTATION_BYTES);
    }
  }

  private static void spec(PodSpec spec, FieldErrors errors) {
    var path = FieldPath.of("spec");
    var volumes = VolumeValidation.validate(spec.getVolumes(), path.child("volumes"), errors);
    ContainerValidation.validate(spec, volumes, path, errors);
    if (!spec.getEphemeralContainers().isEmpty()) {
      errors.forbidden(path.child("ephemeralContainers"), "cannot be set on create");
    }
    errors.oneOf(path.child("restartPolicy"), spec.getRestartPolicy(), RESTART_POLICIES);
    errors.oneOf(path.child("dnsPolicy"), spec.getDnsPolicy(), DNS_POLICIES);
    labels(errors, path.child("nodeSelector"), spec.getNodeSelector());
    SecurityValidation.pod(spec, path.child("securityContext"), errors);
    DnsValidation.validate(
        spec.getDnsConfig(), spec.getDnsPolicy(), path.child("dnsConfig"), errors);
    DnsValidation.hostAliases(spec.getHostAliases(), path.child("hostAliases"), errors);
    tolerations(spec.getTolerations(), path.child("tolerations"), errors);
    pullSecrets(spec.getImagePullSecrets(), path.child("imagePullSecrets"), errors);
    named(
        errors,
        path.child("serviceAccountName"),
        spec.getServiceAccountName(),
        NameRules::dnsSubdomain);
    named(errors, path.child("nodeName"), spec.getNodeName(), NameRules::dnsSubdomain);
    named(errors, path.child("hostname"), spec.getHostname(), NameRules::dnsLabel);
    named(errors, path.child("subdomain"), spec.getSubdomain(), NameRules::dnsLabel);
    named(
        errors,
        path.child("priorityClassName"),
        spec.getPriorityClassName(),
        NameRules::dnsSubdomain);
    named(
        errors,
        path.child("runtimeClassName"),
        spec.getRuntimeClassName(),
        NameRules::dnsSubdomain);
    deadlines(spec, path, errors);
    if (spec.getOverhead() != null) {
      ResourceValidation.list(spec.getOverhead(), path.child("overhead"), errors);
    }
  }

  private static void deadlines(PodSpec spec, FieldPath path, FieldErrors errors) {
    errors.notNegative(
        path.child("terminationGracePeriodSeconds"), spec.getTerminationGracePeriodSeconds());
    var deadline = spec.getActiveDeadlineSeconds();
    if (deadline != null && (deadline < 1 || deadline > Integer.MAX_VALUE)) {
      errors.invalid(
          path.child("activeDeadlineSeconds"),
          deadline,
          "must be between 1 and 2147483647, inclusive");
    }
  }

  private static void tolerations(
      List<Toleration> tolerations, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < tolerations.size(); i++) {
      var toleration = tolerations.get(i);
      var at = path.index(i);
      named(errors, at.child("key"), toleration.getKey(), NameRules::qualifiedName);
      var operator = toleration.getOperator() == null ? "" : toleration.getOperator();
      if (PodDefaults.isEmpty(toleration.getKey()) && !operator.equals("Exists")) {
        errors.invalid(
            at.child("operator"),
            operator,
            "operator must be Exists when `key` is empty, which means \"match all values and all"
                + " keys\"");
      }
      if (toleration.getTolerationSeconds() != null
          && !"NoExecute".equals(toleration.getEffect())) {
        errors.invalid(
            at.child("effect"),
            toleration.getEffect(),
            "effect must be 'NoExecute' when `tolerationSeconds` is set");
      }
      operator(toleration, operator, at.child("operator"), errors);
      if (!PodDefaults.isEmpty(toleration.getEffect())) {
        errors.oneOf(at.child("effect"), toleration.getEffect(), TAINT_EFFECTS);
      }
    }
  }

  private static void operator(
      Toleration toleration, String operator, FieldPath path, FieldErrors errors) {
    var value = toleration.getValue() == null ? "" : toleration.getValue();
    switch (operator) {
      case "", "Equal" -> errors.invalid(path, value, NameRules.labelValue(value));
      case "Exists" -> {
        if (!value.isEmpty()) {
          errors.invalid(path, value, "value must be empty when `operator` is 'Exists'");
        }
      }
      default -> errors.notSupported(path, operator, List.of("Equal", "Exists"));
    }
  }

  private static void pullSecrets(
      List<LocalObjectReference> secrets, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < secrets.size(); i++) {
      named(errors, path.index(i).child("name"), secrets.get(i).getName(), NameRules::dnsSubdomain);
    }
  }

  /** Nothing to say about a name that isn't there. */
  static void named(
      FieldErrors errors, FieldPath path, String name, Function<String, List<String>> rule) {
    if (!PodDefaults.isEmpty(name)) {
      errors.invalid(path, name, rule.apply(name));
    }
  }
}
