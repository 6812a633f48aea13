package dev.jkubelet.cluster;

import java.time.Duration;

/**
 * A request to the API server.
 *
 * @param path with the query, encoded
 * @param body JSON; null without one
 * @param limit how long to wait for the answer
 */
record ApiRequest(String method, String path, String contentType, String body, Duration limit) {
  private static final Duration CALL = Duration.ofSeconds(15);
  private static final Duration LIST = Duration.ofMinutes(1);
  private static final String JSON = "application/json";

  /** Where the resource is in {@code /api/v1/…}, and in {@code /apis/group/v1/…}. */
  private static final int CORE_RESOURCE = 3;

  private static final int GROUP_RESOURCE = 4;

  static ApiRequest get(String path) {
    return new ApiRequest("GET", path, JSON, null, CALL);
  }

  /** A list may be long. */
  static ApiRequest list(String path) {
    return new ApiRequest("GET", path, JSON, null, LIST);
  }

  static ApiRequest post(String path, String json) {
    return new ApiRequest("POST", path, JSON, json, CALL);
  }

  static ApiRequest put(String path, String json) {
    return new ApiRequest("PUT", path, JSON, json, CALL);
  }

  static ApiRequest patch(String path, String json) {
    return new ApiRequest("PATCH", path, "application/strategic-merge-patch+json", json, CALL);
  }

  static ApiRequest delete(String path, String options) {
    return new ApiRequest("DELETE", path, JSON, options, CALL);
  }

  /** For messages: the query says nothing there. */
  String what() {
    return method + " " + pathAlone();
  }

  private String pathAlone() {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** The path with {@code {namespace}} and {@code {name}} for whatever stands there. */
  String template() {
    var parts = pathAlone().split("/", -1);
    int at = parts.length > 1 && parts[1].equals("api") ? CORE_RESOURCE : GROUP_RESOURCE;
    if (at + 2 < parts.length && parts[at].equals("namespaces")) {
      parts[at + 1] = "{namespace}";
      at += 2;
    }
    if (at + 1 < parts.length) {
      parts[at + 1] = "{name}";
    }
    return String.join("/", parts);
  }
}
