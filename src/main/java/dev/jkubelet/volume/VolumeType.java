package dev.jkubelet.volume;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How a manifest calls the type of a volume: the field next to its name. */
final class VolumeType {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String EMPTY_DIR = "kubernetes.io/empty-dir";
  private static final Map<Function<Volume, Object>, String> PLUGINS =
      Map.of(
          Volume::getEmptyDir, EMPTY_DIR,
          Volume::getHostPath, "kubernetes.io/host-path",
          Volume::getConfigMap, "kubernetes.io/configmap",
          Volume::getSecret, "kubernetes.io/secret",
          Volume::getDownwardAPI, "kubernetes.io/downward-api",
          Volume::getProjected, "kubernetes.io/projected",
          Volume::getNfs, "kubernetes.io/nfs",
          Volume::getCsi, "kubernetes.io/csi",
          Volume::getPersistentVolumeClaim, "kubernetes.io/persistent-claim");

  private VolumeType() {}

  /**
   * What the kubelet calls that which mounts it: what is behind a claim, only its volume tells. A
   * type that is not supported is named after its field.
   */
  static String plugin(Volume volume) {
    return PLUGINS.entrySet().stream()
        .filter(known -> known.getKey().apply(volume) != null)
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> of(volume).map(field -> "kubernetes.io/" + field.toLowerCase(Locale.ROOT)))
        .orElse(EMPTY_DIR);
  }

  /** Empty for a volume with a name only. Types newer than the model are named too. */
  static Optional<String> of(Volume volume) {
    var fields = MAPPER.convertValue(volume, new TypeReference<Map<String, Object>>() {});
    return fields.keySet().stream().filter(field -> !field.equals("name")).findFirst();
  }
}
