package dev.jkubelet.server.auth;

/**
 * A request to the kubelet in the API's words: a verb on a subresource of this node, as the
 * kubelet's server/auth.go maps them.
 *
 * @param verb empty for methods that the API has no verb for (HEAD, OPTIONS)
 * @param path of the request, clean and decoded
 */
public record RequestAttributes(String verb, String subresource, String path) {
  /** All of the kubelet's API is about the node it runs on. */
  public static final String RESOURCE = "nodes";

  static RequestAttributes of(String method, String path) {
    return new RequestAttributes(verb(method), subresource(path), path);
  }

  private static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "GET" -> "get";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "";
    };
  }

  private static String subresource(String path) {
    var second = path.indexOf('/', 1);
    return switch (second < 0 ? path : path.substring(0, second)) {
      case "/stats" -> "stats";
      case "/metrics" -> "metrics";
      case "/logs" -> "log";
      case "/spec" -> "spec";
      default -> "proxy";
    };
  }

  /** As the kubelet's answers put it. */
  String describe(User user) {
    return "(user="
        + user.name()
        + ", verb="
        + verb
        + ", resource="
        + RESOURCE
        + ", subresource="
        + subresource
        + ")";
  }
}
