package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The files that a ConfigMap or a Secret gives to a volume: a key each, or the items asked for. */
final class ObjectFiles {
  private final ObjectSource objects;

  ObjectFiles(ObjectSource objects) {
    this.objects = objects;
  }

  Map<String, AtomicFiles.Content> of(PodKey pod, ConfigMapVolumeSource source, int mode)
      throws IOException, InterruptedException {
    return configMap(pod, source.getName(), source.getOptional(), source.getItems(), mode);
  }

  Map<String, AtomicFiles.Content> of(PodKey pod, ConfigMapProjection source, int mode)
      throws IOException, InterruptedException {
    return configMap(pod, source.getName(), source.getOptional(), source.getItems(), mode);
  }

  Map<String, AtomicFiles.Content> of(PodKey pod, SecretVolumeSource source, int mode)
      throws IOException, InterruptedException {
    return secret(pod, source.getSecretName(), source.getOptional(), source.getItems(), mode);
  }

  Map<String, AtomicFiles.Content> of(PodKey pod, SecretProjection source, int mode)
      throws IOException, InterruptedException {
    return secret(pod, source.getName(), source.getOptional(), source.getItems(), mode);
  }

  private Map<String, AtomicFiles.Content> configMap(
      PodKey pod, String name, Boolean optional, List<KeyToPath> items, int mode)
      throws IOException, InterruptedException {
    var found = await(objects.configMap(pod, name));
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new IOException("configmap \"" + name + "\" not found");
    }
    var data = found.map(ObjectFiles::data).orElse(Map.of());
    return files(data, "config key", optional, items, mode);
  }

  private Map<String, AtomicFiles.Content> secret(
      PodKey pod, String name, Boolean optional, List<KeyToPath> items, int mode)
      throws IOException, InterruptedException {
    var found = await(objects.secret(pod, name));
    if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
      throw new IOException("secret \"" + name + "\" not found");
    }
    var data = found.map(ObjectFiles::data).orElse(Map.of());
    return files(data, "secret key", optional, items, mode);
  }

  private static Map<String, byte[]> data(ConfigMap object) {
    var data = decoded(object.getBinaryData());
    Optional.ofNullable(object.getData())
        .orElse(Map.of())
        .forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.UTF_8)));
    return data;
  }

  private static Map<String, byte[]> data(Secret object) {
    return decoded(object.getData());
  }

  private static Map<String, byte[]> decoded(Map<String, String> base64) {
    var data = new TreeMap<String, byte[]>();
    Optional.ofNullable(base64)
        .orElse(Map.of())
        .forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    return data;
  }

  private static Map<String, AtomicFiles.Content> files(
      Map<String, byte[]> data, String what, Boolean optional, List<KeyToPath> items, int mode)
      throws IOException {
    var files = new LinkedHashMap<String, AtomicFiles.Content>();
    if (items == null || items.isEmpty()) {
      data.forEach((key, bytes) -> files.put(key, new AtomicFiles.Content(bytes, mode)));
      return files;
    }
    for (var item : items) {
      var bytes = data.get(item.getKey());
      if (bytes != null) {
        var own = Optional.ofNullable(item.getMode()).orElse(mode);
        files.put(item.getPath(), new AtomicFiles.Content(bytes, own));
      } else if (!Boolean.TRUE.equals(optional)) {
        throw new IOException("references non-existent " + what + ": " + item.getKey());
      }
    }
    return files;
  }

  /** On a thread that may wait; the source ends every stage in time. */
  static <T> T await(CompletionStage<T> stage) throws IOException, InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause().getMessage(), failure.getCause());
    }
  }
}
