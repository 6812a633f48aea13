package dev.jkubelet.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request's query as Go's {@code url.ParseQuery} reads it: what does not parse (a bad escape, a
 * semicolon) is left out and the rest stands.
 */
public record Query(Map<String, List<String>> values) {
  static Query parse(String raw) {
    var values = new LinkedHashMap<String, List<String>>();
    for (var pair : raw.split("&", -1)) {
      if (pair.isEmpty() || pair.indexOf(';') >= 0) {
        continue;
      }
      var equals = pair.indexOf('=');
      var name = decode(equals < 0 ? pair : pair.substring(0, equals));
      var value = decode(equals < 0 ? "" : pair.substring(equals + 1));
      if (name.isPresent() && value.isPresent()) {
        values.computeIfAbsent(name.get(), _ -> new ArrayList<>()).add(value.get());
      }
    }
    return new Query(values);
  }

  /** The first value of that name. */
  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  private static Optional<String> decode(String text) {
    return Percent.decode(text.replace('+', ' ')).map(b -> new String(b, StandardCharsets.UTF_8));
  }
}
