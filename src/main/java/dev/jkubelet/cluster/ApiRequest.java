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
    int query = path.indexOf('?');
    return method + " " + (query < 0 ? path : path.substring(0, query));
  }
}
