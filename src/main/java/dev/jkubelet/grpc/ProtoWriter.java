package dev.jkubelet.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message of Protocol Buffers (proto3) as it is written, field after field. As the language says,
 * what has its default value is left out.
 */
public final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int LENGTH = 2;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public ProtoWriter string(int field, String value) {
    return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  public ProtoWriter strings(int field, List<String> values) {
    values.forEach(value -> bytes(field, value.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  public ProtoWriter bool(int field, boolean value) {
    return number(field, value ? 1 : 0);
  }

  /** Of the types int32, int64 and enum. */
  public ProtoWriter number(int field, long value) {
    if (value != 0) {
      varint((long) field << 3 | VARINT);
      varint(value);
    }
    return this;
  }

  /** Is there even if it is empty. */
  public ProtoWriter message(int field, ProtoWriter value) {
    return bytes(field, value.toByteArray());
  }

  /** In the order of the keys, so that equal maps are equal bytes. */
  public ProtoWriter map(int field, Map<String, String> entries) {
    new TreeMap<>(entries)
        .forEach(
            (key, value) ->
                message(field, new ProtoWriter().string(KEY, key).string(VALUE, value)));
    return this;
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }

  private ProtoWriter bytes(int field, byte[] value) {
    varint((long) field << 3 | LENGTH);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
