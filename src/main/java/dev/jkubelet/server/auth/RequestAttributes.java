package dev.jkubelet.server.auth;

/**
 * What a request means to an authorizer: the kubelet's mapping of path and method
 * (pkg/kubelet/server/auth.go).
 *
 * @param subresource of {@code nodes}
 */
public record RequestAttributes(String verb, String subresource) {
  public static RequestAttributes of(String method, String path) {
    var verb =
        switch (method) {
          case "POST" -> "create";
          case "GET", "HEAD" -> "get";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> "delete";
          default -> "";
        };
    return new RequestAttributes(verb, subresource(path));
  }

  private static String subresource(String path) {
    if (below(path, "/stats")) {
      return "stats";
    }
    if (below(path, "/metrics")) {
      return "metrics";
    }
    if (below(path, "/logs")) {
      return "log";
    }
    return below(path, "/spec") ? "spec" : "proxy";
  }

  private static boolean below(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }
}
