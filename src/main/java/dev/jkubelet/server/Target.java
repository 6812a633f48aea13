package dev.jkubelet.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What a request line asks for.
 *
 * @param path percent-decoded once, not cleaned
 * @param rawQuery without the question mark, empty when there is none
 */
public record Target(String path, String rawQuery) {
  /** Reads a request line's target; empty when its path does not decode. */
  static Optional<Target> parse(String raw) {
    var target = raw.startsWith("/") ? raw : withoutAuthority(raw);
    var fragment = target.indexOf('#');
    if (fragment >= 0) {
      target = target.substring(0, fragment);
    }
    var question = target.indexOf('?');
    var path = question < 0 ? target : target.substring(0, question);
    var query = question < 0 ? "" : target.substring(question + 1);
    return Percent.decode(path)
        .map(bytes -> new Target(new String(bytes, StandardCharsets.UTF_8), query));
  }

  Query query() {
    return Query.parse(rawQuery);
  }

  /** The path without empty, {@code .} and {@code ..} segments, as Go's mux cleans it. */
  static String clean(String path) {
    var kept = new ArrayDeque<String>();
    for (var segment : path.split("/", -1)) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> kept.pollLast();
        default -> kept.addLast(segment);
      }
    }
    var cleaned = "/" + String.join("/", kept);
    return path.endsWith("/") && !kept.isEmpty() ? cleaned + "/" : cleaned;
  }

  private static String withoutAuthority(String raw) {
    var scheme = raw.indexOf("://");
    if (scheme < 0) {
      return raw;
    }
    var slash = raw.indexOf('/', scheme + 3);
    return slash < 0 ? "/" : raw.substring(slash);
  }
}
