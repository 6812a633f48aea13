package dev.jkubelet.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;

/**
 * Content types of files in a log folder: by extension where that says it, else by a look at the
 * first bytes.
 */
final class FileTypes {
  private static final int LOOK = 512;
  private static final ContentType BINARY = Answers.type("application", "octet-stream", Map.of());
  private static final ContentType GZIP = Answers.type("application", "gzip", Map.of());

  private FileTypes() {}

  static ContentType of(Path file) throws IOException {
    var name = file.getFileName().toString();
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "log", "txt" -> Answers.TEXT;
      case "html", "htm" -> Answers.HTML;
      case "json" -> Answers.JSON;
      case "gz" -> GZIP;
      default -> look(file);
    };
  }

  private static ContentType look(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      for (byte b : in.readNBytes(LOOK)) {
        if (isBinary(b)) {
          return BINARY;
        }
      }
      return Answers.TEXT;
    }
  }

  /** Control characters that text does not have (the WHATWG's sniffing table). */
  private static boolean isBinary(byte b) {
    return b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\f' && b != '\r' && b != 0x1b;
  }
}
