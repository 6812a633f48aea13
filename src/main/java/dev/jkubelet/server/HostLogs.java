package dev.jkubelet.server;

import dev.jkubelet.runtime.BlockingCalls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.util.ByteString;

/**
 * {@code GET /logs/…}: the host's log folder as Go's file server shows it. Links are followed, as
 * {@code /var/log/containers} is made of them; what is neither a file nor a folder is not there,
 * for a pipe would hold its reader for ever.
 */
final class HostLogs implements Handler {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String PREFIX = "/logs/";
  private static final int CHUNK = 64 * 1024;
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path folder;
  private final BlockingCalls files;

  HostLogs(Path folder, BlockingCalls files) {
    this.folder = folder;
    this.files = files;
  }

  @Override
  public CompletionStage<HttpResponse> handle(Call call) {
    return files.call("read " + call.path(), LIMIT, () -> answer(call));
  }

  private HttpResponse answer(Call call) throws IOException {
    // The mux lets only clean paths through; what follows is checked all the same.
    var relative = call.path().substring(PREFIX.length());
    try {
      var file = folder.resolve(relative).normalize();
      if (!file.startsWith(folder)) {
        return Answers.notFound();
      }
      if (relative.endsWith("/index.html") || relative.equals("index.html")) {
        return Answers.redirect("./");
      }
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      var slash = relative.isEmpty() || relative.endsWith("/");
      if (attributes.isDirectory()) {
        return slash
            ? listing(call.request(), file, attributes)
            : Answers.redirect(Percent.encodePath(file.getFileName() + "/"));
      }
      if (slash) {
        return Answers.redirect("../" + Percent.encodePath(file.getFileName().toString()));
      }
      return attributes.isRegularFile()
          ? content(call.request(), file, attributes)
          : Answers.notFound();
    } catch (NoSuchFileException | InvalidPathException _) {
      return Answers.notFound();
    } catch (AccessDeniedException _) {
      return Answers.error(403, "403 Forbidden");
    }
  }

  private static HttpResponse listing(
      HttpRequest request, Path folder, BasicFileAttributes attributes) throws IOException {
    var modified = modified(attributes);
    if (isUnchanged(request, modified)) {
      return unchanged(modified);
    }
    var page = ByteString.fromString(DirectoryListing.of(folder));
    return Answers.of(200, Answers.HTML, page).addHeader(lastModified(modified));
  }

  private static HttpResponse content(
      HttpRequest request, Path file, BasicFileAttributes attributes) throws IOException {
    var modified = modified(attributes);
    if (isUnchanged(request, modified)) {
      return unchanged(modified);
    }
    var size = attributes.size();
    var response =
        switch (range(request, size, modified)) {
          case ByteRange.Whole _ -> part(200, file, 0, size);
          case ByteRange.Part part ->
              part(206, file, part.first(), part.length())
                  .addHeader(contentRange(part.first() + "-" + part.last() + "/" + size));
          case ByteRange.Unsatisfiable(var text) ->
              Answers.error(416, text).addHeader(contentRange("*/" + size));
        };
    return response
        .addHeader(RawHeader.create("Accept-Ranges", "bytes"))
        .addHeader(lastModified(modified));
  }

  private static HttpResponse part(int status, Path file, long from, long length)
      throws IOException {
    var type = FileTypes.of(file);
    var entity =
        length == 0
            ? HttpEntities.create(type, ByteString.emptyByteString())
            : HttpEntities.create(
                type, length, FileIO.fromPath(file, CHUNK, from).via(new FirstBytes(length)));
    return HttpResponse.create().withStatus(status).withEntity(entity);
  }

  /** A range holds only for the version of the file that {@code If-Range} names. */
  private static ByteRange range(HttpRequest request, long size, Instant modified) {
    var condition = request.getHeader("if-range").map(header -> header.value());
    if (condition.isPresent() && !condition.flatMap(HostLogs::date).equals(Optional.of(modified))) {
      return new ByteRange.Whole();
    }
    return request
        .getHeader("range")
        .map(header -> ByteRange.parse(header.value(), size))
        .orElseGet(ByteRange.Whole::new);
  }

  private static boolean isUnchanged(HttpRequest request, Instant modified) {
    return request
        .getHeader("if-modified-since")
        .flatMap(header -> date(header.value()))
        .filter(since -> !modified.isAfter(since))
        .isPresent();
  }

  private static HttpResponse unchanged(Instant modified) {
    return HttpResponse.create().withStatus(304).addHeader(lastModified(modified));
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /** HTTP's dates know whole seconds. */
  private static Instant modified(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static RawHeader lastModified(Instant modified) {
    return RawHeader.create("Last-Modified", HTTP_DATE.format(modified));
  }

  private static RawHeader contentRange(String range) {
    return RawHeader.create("Content-Range", "bytes " + range);
  }
}
