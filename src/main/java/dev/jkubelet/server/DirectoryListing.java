package dev.jkubelet.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/** A folder's page as Go's file server writes it: names in byte order, links not followed. */
final class DirectoryListing {
  private DirectoryListing() {}

  static String of(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      var page = new StringBuilder("<pre>\n");
      entries
          .sorted((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)))
          .map(DirectoryListing::name)
          .forEach(
              name ->
                  page.append("<a href=\"")
                      .append(Answers.escapeHtml(link(name)))
                      .append("\">")
                      .append(Answers.escapeHtml(name))
                      .append("</a>\n"));
      return page.append("</pre>\n").toString();
    }
  }

  private static String name(Path entry) {
    var name = entry.getFileName().toString();
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) ? name + "/" : name;
  }

  /** A colon in the first segment would read as a scheme. */
  private static String link(String name) {
    var encoded = Percent.encodePath(name);
    return encoded.indexOf(':') >= 0 ? "./" + encoded : encoded;
  }

  private static byte[] bytes(Path entry) {
    return entry.getFileName().toString().getBytes(StandardCharsets.UTF_8);
  }
}
