package dev.jkubelet.pod;

import dev.jkubelet.model.EnvExpansion;
import dev.jkubelet.pod.EnvReferences.Lookup;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A container's variables: those of whole objects, then those declared, in their order, then those
 * that tell of services.
 *
 * @param oddities what the pod's events should tell: keys that can't be variables
 */
record ContainerEnv(Map<String, String> values, List<String> oddities) {
  private static final Pattern NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

  /**
   * Resolves them one after the other: a value may refer to those before it, and to services.
   *
   * @throws BadConfig when one can't be resolved
   */
  static ContainerEnv of(Container container, DownwardFields fields, EnvReferences references) {
    return new Resolution(container, fields, references).env();
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

  private static <T> List<T> orEmpty(List<T> list) {
    return Optional.ofNullable(list).orElse(List.of());
  }

  /** The way there, variable by variable. */
  private static final class Resolution {
    private final Container container;
    private final DownwardFields fields;
    private final EnvReferences references;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> oddities = new ArrayList<>();
    private final SortedMap<String, String> services;

    Resolution(Container container, DownwardFields fields, EnvReferences references) {
      this.container = container;
      this.fields = fields;
      this.references = references;
      this.services = new TreeMap<>(found(references.services(), false).orElseThrow());
    }

    ContainerEnv env() {
      orEmpty(container.getEnvFrom()).forEach(this::addAll);
      for (var declared : orEmpty(container.getEnv())) {
        valueOf(declared)
            .ifPresent(
                value -> {
                  services.remove(declared.getName());
                  values.put(declared.getName(), value);
                });
      }
      services.forEach(values::putIfAbsent);
      return new ContainerEnv(values, oddities);
    }

    private void addAll(EnvFromSource source) {
      var prefix = Optional.ofNullable(source.getPrefix()).orElse("");
      var configMap = source.getConfigMapRef();
      if (configMap != null) {
        var name = configMap.getName();
        found(references.configMaps().get(name), isTrue(configMap.getOptional()))
            .ifPresent(data -> addAll("configMap", name, prefix, data));
        return;
      }
      var secret = source.getSecretRef();
      if (secret != null) {
        var name = secret.getName();
        found(references.secrets().get(name), isTrue(secret.getOptional()))
            .ifPresent(data -> addAll("secret", name, prefix, data));
      }
    }

    private void addAll(String kind, String name, String prefix, SortedMap<String, String> data) {
      var invalid = new ArrayList<String>();
      data.forEach(
          (key, value) -> {
            if (isName(prefix + key)) {
              values.put(prefix + key, value);
            } else {
              invalid.add(prefix + key);
            }
          });
      if (!invalid.isEmpty()) {
        oddities.add(
            "Keys [%s] from the EnvFrom %s %s/%s were skipped since they are considered invalid environment variable names."
                .formatted(
                    String.join(", ", invalid),
                    kind,
                    fields.pod().getMetadata().getNamespace(),
                    name));
      }
    }

    /** Not a path upwards either, for whoever makes files of variables. */
    private static boolean isName(String text) {
      return NAME.matcher(text).matches() && !text.equals(".") && !text.startsWith("..");
    }

    private Optional<String> valueOf(EnvVar declared) {
      var value = Optional.ofNullable(declared.getValue()).orElse("");
      var source = declared.getValueFrom();
      return value.isEmpty() && source != null
          ? valueOf(source)
          : Optional.of(EnvExpansion.expand(value, this::known));
    }

    private Optional<String> known(String name) {
      return Optional.ofNullable(values.getOrDefault(name, services.get(name)));
    }

    /** Empty for an optional reference that leads nowhere: then there is no such variable. */
    private Optional<String> valueOf(EnvVarSource source) {
      if (source.getFieldRef() != null) {
        return Optional.of(fields.field(source.getFieldRef()));
      }
      if (source.getResourceFieldRef() != null) {
        return Optional.of(fields.resource(source.getResourceFieldRef(), container));
      }
      var configMap = source.getConfigMapKeyRef();
      if (configMap != null) {
        var name = configMap.getName();
        boolean optional = isTrue(configMap.getOptional());
        return found(references.configMaps().get(name), optional)
            .flatMap(data -> entry("ConfigMap", name, data, configMap.getKey(), optional));
      }
      var secret = source.getSecretKeyRef();
      if (secret != null) {
        var name = secret.getName();
        boolean optional = isTrue(secret.getOptional());
        return found(references.secrets().get(name), optional)
            .flatMap(data -> entry("Secret", name, data, secret.getKey(), optional));
      }
      return Optional.of("");
    }

    private Optional<String> entry(
        String kind, String name, SortedMap<String, String> data, String key, boolean optional) {
      if (!data.containsKey(key) && !optional) {
        throw new BadConfig(
            "couldn't find key %s in %s %s/%s"
                .formatted(key, kind, fields.pod().getMetadata().getNamespace(), name));
      }
      return Optional.ofNullable(data.get(key));
    }

    private static Optional<SortedMap<String, String>> found(Lookup lookup, boolean optional) {
      return switch (lookup) {
        case Lookup.Found(var data) -> Optional.of(data);
        case Lookup.Missing _ when optional -> Optional.empty();
        case Lookup.Missing(var message) -> throw new BadConfig(message);
        case Lookup.Failed(var message) -> throw new BadConfig(message);
      };
    }

    private static boolean isTrue(Boolean value) {
      return Boolean.TRUE.equals(value);
    }
  }
}
