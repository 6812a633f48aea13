package dev.jkubelet.server.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.pekko.util.ByteString;

/** How a remote command went, in the kubelet's words. */
sealed interface CommandResult {
  /** It ended with 0, or nobody can say. */
  record Success() implements CommandResult {}

  /** It ended with another code than 0. */
  record Exit(int code) implements CommandResult {}

  /** It could not be run. */
  record Failed(String message) implements CommandResult {}

  /** A v1.Status, as {@code v4.channel.k8s.io} and later want it. */
  default ByteString status() {
    return ByteString.fromString(
        switch (this) {
          case Success _ -> status("Success").toString();
          case Exit(var code) -> {
            var status =
                status("Failure").put("message", message()).put("reason", "NonZeroExitCode");
            status
                .putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", String.valueOf(code));
            yield status.toString();
          }
          case Failed(var text) -> {
            var status = status("Failure").put("message", message()).put("reason", "InternalError");
            status.putObject("details").putArray("causes").addObject().put("message", text);
            yield status.put("code", 500).toString();
          }
        });
  }

  private static ObjectNode status(String status) {
    var json = JsonNodeFactory.instance.objectNode();
    json.putObject("metadata");
    return json.put("status", status);
  }

  /** What earlier protocols send; nothing is success. */
  default String message() {
    return switch (this) {
      case Success _ -> "";
      case Exit(var code) ->
          "command terminated with non-zero exit code: Error executing in Docker Container: "
              + code;
      case Failed(var text) -> "Internal error occurred: " + text;
    };
  }
}
