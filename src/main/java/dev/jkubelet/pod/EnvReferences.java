package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a container's variables refer to outside its pod, all of it as it was at one moment.
 *
 * @param configMaps by name
 * @param secrets by name, decoded
 * @param services variables that tell of services
 */
record EnvReferences(Map<String, Lookup> configMaps, Map<String, Lookup> secrets, Lookup services) {

  /** For a container that refers to nothing, on a node without services. */
  static final EnvReferences NONE =
      new EnvReferences(Map.of(), Map.of(), new Lookup.Found(new TreeMap<>()));

  /** What came of looking for an object. */
  sealed interface Lookup {
    record Found(SortedMap<String, String> data) implements Lookup {}

    /** It is not there; an optional reference does without it. */
    record Missing(String message) implements Lookup {}

    /** Nobody can tell now. */
    record Failed(String message) implements Lookup {}
  }

  /** Looks all of it up; the stage does not fail. */
  static CompletionStage<EnvReferences> find(Pod pod, Container container, PodObjects objects) {
    var key = PodKey.of(pod);
    var configMaps =
        all(
            configMapNames(container),
            name ->
                objects
                    .configMap(key, name)
                    .handle((found, failure) -> configMap(name, found, failure)));
    var secrets =
        all(
            secretNames(container),
            name ->
                objects.secret(key, name).handle((found, failure) -> secret(name, found, failure)));
    return configMaps.thenCombine(
        secrets.thenCombine(services(pod, objects), Map::entry),
        (maps, rest) -> new EnvReferences(maps, rest.getKey(), rest.getValue()));
  }

  private static CompletionStage<Lookup> services(Pod pod, PodObjects objects) {
    var namespace = pod.getMetadata().getNamespace();
    var links = pod.getSpec().getEnableServiceLinks();
    return objects
        .services()
        .handle(
            (all, failure) -> {
              if (failure == null) {
                return new Lookup.Found(ServiceEnv.of(all, namespace, links));
              }
              return isStatic(pod)
                  ? new Lookup.Found(new TreeMap<>())
                  : new Lookup.Failed(
                      "services have not yet been read at least once, cannot construct envvars");
            });
  }

  /** A static pod runs also before the API server was ever reached. */
  private static boolean isStatic(Pod pod) {
    return !Optional.ofNullable(pod.getMetadata().getAnnotations())
        .orElse(Map.of())
        .getOrDefault("kubernetes.io/config.source", "api")
        .equals("api");
  }

  private static Lookup configMap(String name, Optional<ConfigMap> found, Throwable failure) {
    return lookup("configmap", name, found, failure, ConfigMap::getData);
  }

  private static Lookup secret(String name, Optional<Secret> found, Throwable failure) {
    return lookup("secret", name, found, failure, EnvReferences::decoded);
  }

  private static Map<String, String> decoded(Secret secret) {
    var texts = new HashMap<String, String>();
    Optional.ofNullable(secret.getData())
        .orElse(Map.of())
        .forEach(
            (key, value) ->
                texts.put(
                    key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
    return texts;
  }

  private static <T> Lookup lookup(
      String kind,
      String name,
      Optional<T> found,
      Throwable failure,
      Function<T, Map<String, String>> data) {
    if (failure != null) {
      var cause = ContainerCalls.cause(failure);
      return cause instanceof PodObjects.NoApiServer
          ? new Lookup.Missing(cause.getMessage())
          : new Lookup.Failed(cause.getMessage());
    }
    return found
        .<Lookup>map(
            object ->
                new Lookup.Found(
                    new TreeMap<>(Optional.ofNullable(data.apply(object)).orElse(Map.of()))))
        .orElseGet(() -> new Lookup.Missing("%s \"%s\" not found".formatted(kind, name)));
  }

  private static Set<String> configMapNames(Container container) {
    var names = new TreeSet<String>();
    orEmpty(container.getEnvFrom()).stream()
        .filter(source -> source.getConfigMapRef() != null)
        .forEach(source -> names.add(source.getConfigMapRef().getName()));
    valueSources(container)
        .filter(source -> source.getConfigMapKeyRef() != null)
        .forEach(source -> names.add(source.getConfigMapKeyRef().getName()));
    return names;
  }

  private static Set<String> secretNames(Container container) {
    var names = new TreeSet<String>();
    orEmpty(container.getEnvFrom()).stream()
        .filter(source -> source.getSecretRef() != null)
        .forEach(source -> names.add(source.getSecretRef().getName()));
    valueSources(container)
        .filter(source -> source.getSecretKeyRef() != null)
        .forEach(source -> names.add(source.getSecretKeyRef().getName()));
    return names;
  }

  private static Stream<EnvVarSource> valueSources(Container container) {
    return orEmpty(container.getEnv()).stream()
        .map(variable -> variable.getValueFrom())
        .filter(Objects::nonNull);
  }

  private static CompletionStage<Map<String, Lookup>> all(
      Set<String> names, Function<String, CompletionStage<Lookup>> find) {
    CompletionStage<Map<String, Lookup>> all = CompletableFuture.completedStage(Map.of());
    for (var name : names) {
      all =
          all.thenCombine(
              find.apply(name),
              (before, found) -> {
                var with = new HashMap<>(before);
                with.put(name, found);
                return Map.copyOf(with);
              });
    }
    return all;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return Optional.ofNullable(list).orElse(List.of());
  }
}
