package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;

/** Which of the API's thirty kinds a volume is, by the field's name. */
final class VolumeSources {
  private static final JsonMapper MAPPER = new JsonMapper();

  private VolumeSources() {}

  /** The fields that are set: one in a valid volume. */
  static List<String> of(Volume volume) {
    return MAPPER
        .valueToTree(volume)
        .propertyStream()
        .filter(field -> !field.getKey().equals("name") && !field.getValue().isNull())
        .map(Map.Entry::getKey)
        .toList();
  }
}
