package dev.jkubelet.server;

import dev.jkubelet.runtime.BlockingCalls;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Location;
import org.apache.pekko.stream.javadsl.FileIO;

/** {@code /logs/}: the host's log folder to read, as Go's file server shows a folder. */
final class HostLogs {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path root;
  private final BlockingCalls calls;

  HostLogs(Path root, BlockingCalls calls) {
    this.root = root;
    this.calls = calls;
  }

  CompletionStage<HttpResponse> handle(String path) {
    return calls.call("host log", LIMIT, () -> answer(path));
  }

  /**
   * The path is clean: the mux has sent dots and double slashes elsewhere; what is left is checked
   * all the same.
   */
  private HttpResponse answer(String path) throws IOException {
    var file = root.resolve(path.substring("/logs/".length())).normalize();
    if (!file.startsWith(root) || path.indexOf('\0') >= 0 || !Files.exists(file)) {
      return Replies.notFound();
    }
    if (Files.isDirectory(file)) {
      return path.endsWith("/")
          ? list(file)
          : HttpResponse.create()
              .withStatus(301)
              .addHeader(Location.create(file.getFileName() + "/"));
    }
    if (!Files.isRegularFile(file)) {
      return Replies.notFound();
    }
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(
                ContentTypes.TEXT_PLAIN_UTF8, Files.size(file), FileIO.fromPath(file)));
  }

  private static HttpResponse list(Path folder) throws IOException {
    var html = new StringBuilder("<pre>\n");
    try (var entries = Files.list(folder)) {
      entries
          .sorted()
          .forEach(
              entry -> {
                var name = entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
                html.append("<a href=\"")
                    .append(
                        URLEncoder.encode(name, StandardCharsets.UTF_8)
                            .replace("+", "%20")
                            .replace("%2F", "/"))
                    .append("\">")
                    .append(
                        name.replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace("\"", "&#34;"))
                    .append("</a>\n");
              });
    }
    html.append("</pre>\n");
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, html.toString()));
  }
}
