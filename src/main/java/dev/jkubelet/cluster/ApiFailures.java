package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What went wrong, as an {@link ApiFailure}. */
final class ApiFailures {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 1000;

  /** For answers of others than the API server, as client-go names them. */
  private static final Map<Integer, String> REASONS =
      Map.of(
          400, "BadRequest",
          401, "Unauthorized",
          403, "Forbidden",
          404, "NotFound",
          409, "Conflict",
          410, "Expired",
          422, "Invalid",
          429, "TooManyRequests",
          503, "ServiceUnavailable",
          504, "Timeout");

  private ApiFailures() {}

  /**
   * An answer that is no success.
   *
   * @param retryAfter the header's value
   */
  static ApiFailure answered(
      ApiRequest request, int code, Optional<String> retryAfter, byte[] body) {
    var status = status(body);
    var message = status.path("message").asText();
    var text = message.isEmpty() ? plain(body) : message;
    return new ApiFailure(
        code,
        reason(code, status),
        "%s: %d%s".formatted(request.what(), code, text.isEmpty() ? "" : ": " + text),
        retryAfter(retryAfter, status),
        null);
  }

  /** An error in a watch: a {@code metav1.Status}. */
  static ApiFailure told(ApiRequest request, JsonNode status) {
    int code = status.path("code").asInt(500);
    return new ApiFailure(
        code,
        reason(code, status),
        "%s: %d: %s".formatted(request.what(), code, status.path("message").asText()),
        retryAfter(Optional.empty(), status),
        null);
  }

  /** No answer, or not all of it. */
  static ApiFailure unanswered(ApiRequest request, IOException cause) {
    var problem =
        cause instanceof ConnectException && cause.getMessage() == null
            ? "connection refused"
            : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new ApiFailure(0, "", request.what() + ": " + problem, Duration.ZERO, cause);
  }

  static ApiFailure late(ApiRequest request) {
    return new ApiFailure(
        0,
        "",
        "%s: no answer within %d s".formatted(request.what(), request.limit().toSeconds()),
        Duration.ZERO,
        null);
  }

  private static JsonNode status(byte[] body) {
    try {
      var node = JSON.readTree(body);
      return node.path("kind").asText().equals("Status") ? node : JSON.missingNode();
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  private static String plain(byte[] body) {
    var text = new String(body, 0, Math.min(body.length, LONGEST), UTF_8);
    return text.strip();
  }

  private static String reason(int code, JsonNode status) {
    var reason = status.path("reason").asText();
    return reason.isEmpty()
        ? REASONS.getOrDefault(code, code >= 500 ? "InternalError" : "")
        : reason;
  }

  /** Seconds; a date is not used by Kubernetes. */
  private static Duration retryAfter(Optional<String> header, JsonNode status) {
    int told = status.path("details").path("retryAfterSeconds").asInt();
    int seconds =
        header.filter(text -> text.matches("\\d{1,6}")).map(Integer::parseInt).orElse(told);
    return Duration.ofSeconds(Math.max(0, seconds));
  }
}
