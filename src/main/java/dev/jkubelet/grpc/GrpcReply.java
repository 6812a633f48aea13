package dev.jkubelet.grpc;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.util.ByteString;

/**
 * What a gRPC server said to a call, so far.
 *
 * @param status of HTTP
 * @param fields headers and trailers by lower-case name
 * @param message with its head of five bytes
 */
record GrpcReply(int status, Map<String, String> fields, ByteString message) {
  private static final int HEAD = 5;

  /** As much as Go's library takes. */
  private static final int MAX_MESSAGE = 4 << 20;

  static GrpcReply of(int status, Map<String, String> headers) {
    return new GrpcReply(status, headers, ByteString.emptyByteString());
  }

  GrpcReply and(ByteString bytes) {
    if (message.size() + bytes.size() > MAX_MESSAGE) {
      throw new GrpcFailure(
          GrpcFailure.Code.RESOURCE_EXHAUSTED, "a message of more than 4 MiB", null);
    }
    return new GrpcReply(status, fields, message.concat(bytes));
  }

  GrpcReply and(Map<String, String> trailers) {
    var all = new TreeMap<>(fields);
    all.putAll(trailers);
    return new GrpcReply(status, all, message);
  }

  /** The request's only message: uncompressed, its length, and itself. */
  static byte[] question(byte[] message) {
    return ByteBuffer.allocate(HEAD + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  /**
   * The answer's only message.
   *
   * @throws GrpcFailure if the call failed
   */
  ProtoMessage answer() {
    var code = fields.get("grpc-status");
    if (code == null) {
      throw new GrpcFailure(
          GrpcFailure.Code.UNAVAILABLE,
          "no grpc-status in an answer of HTTP status " + status,
          null);
    }
    if (GrpcFailure.Code.of(code) != GrpcFailure.Code.OK) {
      throw new GrpcFailure(GrpcFailure.Code.of(code), words(), null);
    }
    if (message.size() < HEAD) {
      throw new GrpcFailure(GrpcFailure.Code.INTERNAL, "an answer without a message", null);
    }
    try {
      return ProtoMessage.read(message.drop(HEAD).asByteBuffer());
    } catch (IllegalArgumentException garbled) {
      throw new GrpcFailure(GrpcFailure.Code.INTERNAL, garbled.getMessage(), garbled);
    }
  }

  private String words() {
    return URLDecoder.decode(
        fields.getOrDefault("grpc-message", "").replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
