package dev.jkubelet.grpc;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A message of Protocol Buffers (proto3) as it was read: values by field, to be asked for by who
 * knows their types. A field that is not there has its default value; one that is unknown is never
 * asked for.
 */
public final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int LONGEST_VARINT = 10;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  private final Map<Integer, Long> numbers = new HashMap<>();
  private final Map<Integer, List<ByteBuffer>> pieces = new HashMap<>();

  private ProtoMessage() {}

  /**
   * Reads all of the bytes.
   *
   * @throws IllegalArgumentException if they are no message
   */
  public static ProtoMessage read(ByteBuffer bytes) {
    var message = new ProtoMessage();
    var in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (in.hasRemaining()) {
        message.field(in);
      }
    } catch (BufferUnderflowException short_) {
      throw new IllegalArgumentException("a message that ends within a field", short_);
    }
    return message;
  }

  private void field(ByteBuffer in) {
    long tag = varint(in);
    int field = (int) (tag >>> 3);
    switch ((int) (tag & 7)) {
      case VARINT -> numbers.put(field, varint(in));
      case FIXED64 -> numbers.put(field, in.getLong());
      case LENGTH -> pieces.computeIfAbsent(field, _ -> new ArrayList<>()).add(piece(in));
      case FIXED32 -> numbers.put(field, (long) in.getInt());
      default -> throw new IllegalArgumentException("a field of no known type: " + tag);
    }
  }

  private static ByteBuffer piece(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    var piece = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return piece;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      byte next = in.get();
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }

  public String string(int field) {
    var all = strings(field);
    return all.isEmpty() ? "" : all.getLast();
  }

  public List<String> strings(int field) {
    return pieces.getOrDefault(field, List.of()).stream()
        .map(piece -> StandardCharsets.UTF_8.decode(piece.duplicate()).toString())
        .toList();
  }

  public boolean bool(int field) {
    return number(field) != 0;
  }

  /** Of the types int32, int64 and enum. */
  public long number(int field) {
    return numbers.getOrDefault(field, 0L);
  }

  /** Empty if it is not there. */
  public ProtoMessage message(int field) {
    var all = messages(field);
    return all.isEmpty() ? new ProtoMessage() : all.getLast();
  }

  public List<ProtoMessage> messages(int field) {
    return pieces.getOrDefault(field, List.of()).stream().map(ProtoMessage::read).toList();
  }

  public Map<String, String> map(int field) {
    var entries = new HashMap<String, String>();
    messages(field).forEach(entry -> entries.put(entry.string(KEY), entry.string(VALUE)));
    return Map.copyOf(entries);
  }
}
