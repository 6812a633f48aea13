package dev.jkubelet.server;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One recorded exchange with the reference kubelet.
 *
 * @param port that it was sent to
 * @param headers of the answer by lower-case name
 */
record Golden(
    String name,
    int port,
    String requestLine,
    List<String> requestHeaders,
    int status,
    Map<String, String> headers,
    String body) {
  private static final List<String> SHOWN =
      List.of("content-type", "x-content-type-options", "location");

  static Stream<Golden> all(String... prefixes) throws IOException, URISyntaxException {
    var folder = Path.of(Golden.class.getResource("/golden/http").toURI());
    var found = new ArrayList<Golden>();
    try (var files = Files.newDirectoryStream(folder, "*.http")) {
      for (var file : files) {
        var name = file.getFileName().toString();
        if (Stream.of(prefixes).anyMatch(name::startsWith)) {
          found.add(read(file));
        }
      }
    }
    return found.stream().sorted((a, b) -> a.name().compareTo(b.name()));
  }

  static Golden named(String name) throws IOException, URISyntaxException {
    return read(Path.of(Golden.class.getResource("/golden/http/" + name + ".http").toURI()));
  }

  private static Golden read(Path file) throws IOException {
    var parts = Files.readString(file, StandardCharsets.UTF_8).split("\n\n", 3);
    var request = parts[0].split("\n", -1);
    var answer = parts[1].split("\n", -1);
    var headers = new TreeMap<String, String>();
    for (var line : List.of(answer).subList(1, answer.length)) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var bytes = Integer.parseInt(request[0].split(" ", -1)[2]);
    var port = request[2].substring(request[2].lastIndexOf(':') + 1);
    return new Golden(
        file.getFileName().toString(),
        Integer.parseInt(port),
        request[1],
        List.of(request).subList(3, request.length).stream()
            .filter(header -> !header.startsWith("Content-Length"))
            .toList(),
        Integer.parseInt(answer[0].split(" ", -1)[1]),
        headers,
        parts.length < 3 ? "" : parts[2].substring(0, Math.min(bytes, parts[2].length())));
  }

  /** What has to be the same, one fact a line. */
  String expected() {
    return describe(status, headers, body);
  }

  static String describe(RawHttp.Answer answer) {
    return describe(answer.status(), answer.headers(), answer.text());
  }

  private static String describe(int status, Map<String, String> headers, String body) {
    var out = new StringBuilder().append(status).append('\n');
    SHOWN.forEach(name -> out.append(name).append(": ").append(headers.get(name)).append('\n'));
    return out.append('\n').append(body).toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
