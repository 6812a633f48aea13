package dev.jkubelet.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Tells whether a container was made from the spec that is wanted now. */
public final class ContainerHash {
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private ContainerHash() {}

  /**
   * FNV-1a over the spec's JSON, in hexadecimal without leading zeros as in the kubelet's label.
   * The kubelet hashes Go's own print of it, so the two differ in value.
   */
  public static String of(Container container) {
    try {
      var json = CANONICAL.writeValueAsString(container);
      return Integer.toHexString(fnv1a(json.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  static int fnv1a(byte[] bytes) {
    int hash = FNV_OFFSET;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
