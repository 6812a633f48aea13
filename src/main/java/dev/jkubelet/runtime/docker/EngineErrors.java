package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.exception.DockerException;
import dev.jkubelet.runtime.EngineException;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Turns what went wrong into an {@link EngineException} with the text that Docker's own client
 * shows.
 */
final class EngineErrors {
  /** docker-java's exceptions carry {@code Status <code>: <body>}. */
  private static final Pattern STATUS = Pattern.compile("(?s)Status (\\d{3}): (.*)");

  private static final int MAX_TEXT = 4096;

  private static final String TO_INSTALL =
      " Debian and Ubuntu install and start one with: apt-get install docker.io";

  private final URI endpoint;
  private final ObjectMapper json;

  EngineErrors(URI endpoint, ObjectMapper json) {
    this.endpoint = endpoint;
    this.json = json;
  }

  EngineException of(Throwable failure) {
    return switch (failure) {
      case EngineException known -> known;
      case TimeoutException late -> new EngineException.TimedOut(late.getMessage(), late);
      case DockerException refused -> ofDockerJava(refused);
      case InterruptedException interrupted ->
          new EngineException.TimedOut("operation timeout: interrupted", interrupted);
      case JsonProcessingException garbled ->
          new EngineException.Refused(
              "unreadable answer from daemon: " + garbled.getOriginalMessage(), garbled);
      case IOException broken -> unreachable(broken);
      case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case RuntimeException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      default -> new EngineException.Refused(failure.toString(), failure);
    };
  }

  private EngineException ofDockerJava(DockerException refused) {
    var matched = STATUS.matcher(String.valueOf(refused.getMessage()));
    var body = matched.matches() ? matched.group(2) : String.valueOf(refused.getMessage());
    return ofStatus(refused.getHttpStatus(), body, refused);
  }

  EngineException ofStatus(int status, String body, Throwable cause) {
    var text = "Error response from daemon: " + message(body);
    return switch (status) {
      case 404 -> new EngineException.NotFound(text, cause);
      case 409 -> new EngineException.Conflict(text, cause);
      default -> new EngineException.Refused(text, cause);
    };
  }

  private String message(String body) {
    try {
      var message = json.readTree(body).path("message").asText("");
      return shortened(message.isEmpty() ? body.strip() : message);
    } catch (IOException _) {
      return shortened(body.strip());
    }
  }

  private static String shortened(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }

  private EngineException unreachable(IOException cause) {
    return new EngineException.Unavailable(
        "Cannot connect to the Docker daemon at "
            + endpoint
            + ". Is the docker daemon running? ("
            + cause.getMessage()
            + ")"
            + ("unix".equals(endpoint.getScheme()) ? TO_INSTALL : ""),
        cause);
  }

  /** The same failure with words before its text. */
  static EngineException prefixed(String prefix, EngineException failure) {
    var text = prefix + failure.getMessage();
    return switch (failure) {
      case EngineException.NotFound cause -> new EngineException.NotFound(text, cause);
      case EngineException.Conflict cause -> new EngineException.Conflict(text, cause);
      case EngineException.Unavailable cause -> new EngineException.Unavailable(text, cause);
      case EngineException.TimedOut cause -> new EngineException.TimedOut(text, cause);
      case EngineException.Refused cause -> new EngineException.Refused(text, cause);
    };
  }
}
