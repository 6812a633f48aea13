package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The rules for environment variables. */
final class EnvValidation {
  private EnvValidation() {}

  static void variables(List<EnvVar> variables, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < variables.size(); i++) {
      var variable = variables.get(i);
      var at = path.index(i);
      if (PodDefaults.isEmpty(variable.getName())) {
        errors.required(at.child("name"), "");
      } else {
        errors.invalid(at.child("name"), variable.getName(), NameRules.envName(variable.getName()));
      }
      if (variable.getValueFrom() != null) {
        from(variable, variable.getValueFrom(), at.child("valueFrom"), errors);
      }
    }
  }

  private static void from(EnvVar variable, EnvVarSource from, FieldPath path, FieldErrors errors) {
    if (from.getFieldRef() != null) {
      ReferenceValidation.field(
          from.getFieldRef(), ReferenceValidation.VARIABLES, path.child("fieldRef"), errors);
    }
    if (from.getResourceFieldRef() != null) {
      ReferenceValidation.resource(
          from.getResourceFieldRef(), false, path.child("resourceFieldRef"), errors);
    }
    if (from.getConfigMapKeyRef() != null) {
      var config = from.getConfigMapKeyRef();
      key(config.getName(), config.getKey(), path.child("configMapKeyRef"), errors);
    }
    if (from.getSecretKeyRef() != null) {
      var secret = from.getSecretKeyRef();
      key(secret.getName(), secret.getKey(), path.child("secretKeyRef"), errors);
    }
    var sources =
        Stream.of(
                from.getFieldRef(),
                from.getResourceFieldRef(),
                from.getConfigMapKeyRef(),
                from.getSecretKeyRef())
            .filter(Objects::nonNull)
            .count();
    if (sources == 0) {
      errors.invalid(
          path,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or"
              + " `secretKeyRef`");
    } else if (!PodDefaults.isEmpty(variable.getValue())) {
      errors.invalid(path, "", "may not be specified when `value` is not empty");
    } else if (sources > 1) {
      errors.invalid(path, "", "may not have more than one field specified at a time");
    }
  }

  private static void key(String name, String key, FieldPath path, FieldErrors errors) {
    object(name, path, errors);
    if (PodDefaults.isEmpty(key)) {
      errors.required(path.child("key"), "");
    } else {
      errors.invalid(path.child("key"), key, NameRules.configKey(key));
    }
  }

  private static void object(String name, FieldPath path, FieldErrors errors) {
    var given = name == null ? "" : name;
    errors.invalid(path.child("name"), given, NameRules.dnsSubdomain(given));
  }

  static void sources(List<EnvFromSource> sources, FieldPath path, FieldErrors errors) {
    for (var i = 0; i < sources.size(); i++) {
      var source = sources.get(i);
      var at = path.index(i);
      PodValidation.named(errors, at.child("prefix"), source.getPrefix(), NameRules::envName);
      if (source.getConfigMapRef() != null) {
        object(source.getConfigMapRef().getName(), at.child("configMapRef"), errors);
      }
      if (source.getSecretRef() != null) {
        object(source.getSecretRef().getName(), at.child("secretRef"), errors);
      }
      if (source.getConfigMapRef() == null && source.getSecretRef() == null) {
        errors.invalid(at, "", "must specify one of: `configMapRef` or `secretRef`");
      } else if (source.getConfigMapRef() != null && source.getSecretRef() != null) {
        errors.invalid(at, "", "may not have more than one field specified at a time");
      }
    }
  }
}
