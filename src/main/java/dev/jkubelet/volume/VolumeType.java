package dev.jkubelet.volume;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Map;
import java.util.Optional;

/** How a manifest calls the type of a volume: the field next to its name. */
final class VolumeType {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private VolumeType() {}

  /** Empty for a volume with a name only. Types newer than the model are named too. */
  static Optional<String> of(Volume volume) {
    var fields = MAPPER.convertValue(volume, new TypeReference<Map<String, Object>>() {});
    return fields.keySet().stream().filter(field -> !field.equals("name")).findFirst();
  }
}
