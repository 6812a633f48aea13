package dev.jkubelet.pod;

import dev.jkubelet.model.EnvExpansion;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container's variables, in the order they are declared. */
record ContainerEnv(Map<String, String> values) {

  /**
   * Resolves them one after the other: a value may refer to those before it.
   *
   * @throws BadConfig when one can't be resolved
   */
  static ContainerEnv of(Container container, DownwardFields fields) {
    var env = new ContainerEnv(new LinkedHashMap<>());
    orEmpty(container.getEnvFrom()).forEach(ContainerEnv::requireNothingOf);
    for (var declared : orEmpty(container.getEnv())) {
      env.valueOf(declared, container, fields)
          .ifPresent(value -> env.values.put(declared.getName(), value));
    }
    return env;
  }

  /** {@code NAME=value}. */
  List<String> lines() {
    return values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /** Replaces {@code $(NAME)} by the variable's value. */
  String expand(String text) {
    return EnvExpansion.expand(text, name -> Optional.ofNullable(values.get(name)));
  }

  List<String> expand(List<String> texts) {
    return orEmpty(texts).stream().map(this::expand).toList();
  }

  /**
   * As {@link #expand(String)} for a path below a volume, where a gap would name another place.
   *
   * @throws BadConfig when a variable is missing or empty
   */
  String expandPath(String text) {
    return EnvExpansion.expand(
        text,
        name ->
            Optional.of(
                Optional.ofNullable(values.get(name))
                    .filter(value -> !value.isEmpty())
                    .orElseThrow(() -> new BadConfig("missing value for " + name))));
  }

  private Optional<String> valueOf(EnvVar declared, Container container, DownwardFields fields) {
    var value = Optional.ofNullable(declared.getValue()).orElse("");
    var source = declared.getValueFrom();
    return value.isEmpty() && source != null
        ? valueOf(source, container, fields)
        : Optional.of(expand(value));
  }

  /** Empty for an optional reference that leads nowhere: then there is no such variable. */
  private static Optional<String> valueOf(
      EnvVarSource source, Container container, DownwardFields fields) {
    if (source.getFieldRef() != null) {
      return Optional.of(fields.field(source.getFieldRef()));
    }
    if (source.getResourceFieldRef() != null) {
      return Optional.of(fields.resource(source.getResourceFieldRef(), container));
    }
    var configMap = source.getConfigMapKeyRef();
    if (configMap != null) {
      return absent("configmap", configMap.getName(), configMap.getOptional());
    }
    var secret = source.getSecretKeyRef();
    if (secret != null) {
      return absent("secret", secret.getName(), secret.getOptional());
    }
    return Optional.of("");
  }

  private static void requireNothingOf(EnvFromSource source) {
    var configMap = source.getConfigMapRef();
    if (configMap != null) {
      absent("configmap", configMap.getName(), configMap.getOptional());
    }
    var secret = source.getSecretRef();
    if (secret != null) {
      absent("secret", secret.getName(), secret.getOptional());
    }
  }

  /** A node without an API server has none of them. */
  private static Optional<String> absent(String kind, String name, Boolean optional) {
    if (Boolean.TRUE.equals(optional)) {
      return Optional.empty();
    }
    throw new BadConfig("%s \"%s\" not found".formatted(kind, name));
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return Optional.ofNullable(list).orElse(List.of());
  }
}
