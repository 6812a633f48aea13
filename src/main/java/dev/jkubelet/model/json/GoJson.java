package dev.jkubelet.model.json;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.UncheckedIOException;

/** The model's objects in JSON, byte for byte as the kubelet's encoder writes its own. */
public final class GoJson {
  private static final ObjectWriter WRITER = writer();

  private GoJson() {}

  /** One line in UTF-8, no newline; a pod is written without {@code kind}. */
  public static byte[] bytes(Object value) {
    try {
      return WRITER.writeValueAsBytes(value);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static ObjectWriter writer() {
    var factory = new JsonFactoryBuilder().characterEscapes(new GoEscapes()).build();
    return JsonMapper.builder(factory)
        .addModule(new SimpleModule().setSerializerModifier(new GoFields()))
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .build()
        .writer();
  }
}
