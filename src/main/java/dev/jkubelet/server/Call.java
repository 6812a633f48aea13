package dev.jkubelet.server;

import org.apache.pekko.http.javadsl.model.HttpRequest;

/** One request with its target read. */
public record Call(HttpRequest request, Target target) {
  String path() {
    return target.path();
  }

  String method() {
    return request.method().value();
  }

  boolean isGet() {
    return method().equals("GET");
  }
}
