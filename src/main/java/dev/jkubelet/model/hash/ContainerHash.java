package dev.jkubelet.model.hash;

import dev.jkubelet.model.json.GoJson;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.nio.charset.StandardCharsets;

/** Tells whether a container was made from the spec that is wanted now. */
public final class ContainerHash {
  private static final int FNV_OFFSET = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private ContainerHash() {}

  /**
   * As the kubelet 1.20 has it in its label: FNV-1a over go-spew's print of the bytes of the spec's
   * JSON, in hexadecimal without leading zeros.
   */
  public static String of(Container container) {
    var print = new StringBuilder("([]uint8)[");
    for (byte b : GoJson.bytes(container)) {
      print.append(Byte.toUnsignedInt(b)).append(' ');
    }
    print.setCharAt(print.length() - 1, ']');
    return Integer.toHexString(fnv1a(print.toString().getBytes(StandardCharsets.US_ASCII)));
  }

  /** The same for all but the resources, which may change while the container runs. */
  public static String withoutResources(Container container) {
    return of(new ContainerBuilder(container).withResources(null).build());
  }

  static int fnv1a(byte[] bytes) {
    int hash = FNV_OFFSET;
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
