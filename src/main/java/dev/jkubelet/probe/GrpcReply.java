package dev.jkubelet.probe;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.util.ByteString;

/**
 * What a gRPC server said to a health check, so far.
 *
 * @param status of HTTP
 * @param fields headers and trailers by lower-case name
 * @param message with its head of five bytes
 */
record GrpcReply(int status, Map<String, String> fields, ByteString message) {
  private static final int HEAD = 5;
  private static final int MAX_MESSAGE = 1 << 10;
  private static final int SERVICE = 0x0a;
  private static final int STATUS = 0x08;
  private static final int SERVING = 1;
  private static final String UNIMPLEMENTED = "12";
  private static final String DEADLINE_EXCEEDED = "4";

  static GrpcReply of(int status, Map<String, String> headers) {
    return new GrpcReply(status, headers, ByteString.emptyByteString());
  }

  GrpcReply and(ByteString bytes) {
    return new GrpcReply(status, fields, message.concat(bytes.take(MAX_MESSAGE - message.size())));
  }

  GrpcReply and(Map<String, String> trailers) {
    var all = new TreeMap<>(fields);
    all.putAll(trailers);
    return new GrpcReply(status, all, message);
  }

  /**
   * The request's only message: uncompressed, its length, and the service's name if there is one.
   */
  static byte[] question(String service) {
    var name = service.getBytes(StandardCharsets.UTF_8);
    if (name.length > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("a service's name of more than 127 bytes: " + service);
    }
    int length = name.length == 0 ? 0 : name.length + 2;
    var bytes = new byte[HEAD + length];
    bytes[HEAD - 1] = (byte) length;
    if (length > 0) {
      bytes[HEAD] = SERVICE;
      bytes[HEAD + 1] = (byte) name.length;
      System.arraycopy(name, 0, bytes, HEAD + 2, name.length);
    }
    return bytes;
  }

  /** In the words of the kubelet that first had gRPC probes. */
  ProbeOutcome outcome() {
    var code = fields.getOrDefault("grpc-status", "");
    var words =
        URLDecoder.decode(
            fields.getOrDefault("grpc-message", "").replace("+", "%2B"), StandardCharsets.UTF_8);
    return switch (code) {
      case "0" -> judged();
      case UNIMPLEMENTED ->
          new ProbeOutcome.Failure(
              "error: this server does not implement the grpc health protocol"
                  + " (grpc.health.v1.Health): "
                  + words);
      case DEADLINE_EXCEEDED ->
          new ProbeOutcome.Failure("timeout: health rpc did not complete in time");
      case "" ->
          new ProbeOutcome.Failure(
              "error: health rpc probe failed: no grpc-status in an answer of HTTP status "
                  + status);
      default ->
          new ProbeOutcome.Failure(
              "error: health rpc probe failed: rpc error: code = %s desc = %s"
                  .formatted(code, words));
    };
  }

  private ProbeOutcome judged() {
    int serving = servingStatus();
    return serving == SERVING
        ? new ProbeOutcome.Success("service healthy")
        : new ProbeOutcome.Failure(
            "service unhealthy (responded with \"%s\")".formatted(name(serving)));
  }

  /** The one field of the answer; one that is not there is 0. */
  private int servingStatus() {
    return message.size() >= HEAD + 2 && message.apply(HEAD) == STATUS
        ? message.apply(HEAD + 1)
        : 0;
  }

  private static String name(int serving) {
    return switch (serving) {
      case 0 -> "UNKNOWN";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> Integer.toString(serving);
    };
  }
}
