package dev.jkubelet.server;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The shapes of the kubelet's answers. Its errors come from two routers that differ in text,
 * newline and headers; clients have been seen to tell them apart.
 */
final class Answers {
  static final ContentType TEXT = type("text", "plain", Map.of("charset", "utf-8"));
  static final ContentType HTML = type("text", "html", Map.of("charset", "utf-8"));
  static final ContentType JSON = type("application", "json", Map.of());
  private static final HttpHeader NO_SNIFF = RawHeader.create("X-Content-Type-Options", "nosniff");

  private Answers() {}

  static ContentType type(String main, String sub, Map<String, String> parameters) {
    return MediaTypes.customBinary(main, sub, MediaTypes.COMPRESSIBLE, parameters, false)
        .toContentType();
  }

  static HttpResponse of(int status, ContentType type, ByteString body) {
    return HttpResponse.create().withStatus(status).withEntity(HttpEntities.create(type, body));
  }

  /** A handler's plain text, as go-restful writes errors: nothing added. */
  static HttpResponse text(int status, String body) {
    return of(status, TEXT, ByteString.fromString(body));
  }

  static HttpResponse json(ByteString body) {
    return of(200, JSON, body);
  }

  static HttpResponse sniffless(HttpResponse response) {
    return response.addHeader(NO_SNIFF);
  }

  /** As Go's {@code http.Error}: with a newline, and nothing to sniff. */
  static HttpResponse error(int status, String message) {
    return sniffless(text(status, message + "\n"));
  }

  /** What Go's mux says of a path nobody registered. */
  static HttpResponse notFound() {
    return error(404, "404 page not found");
  }

  /** What go-restful says of a path below one of its services that no route takes. */
  static HttpResponse noRoute() {
    return text(404, "404: Page Not Found");
  }

  static HttpResponse methodNotAllowed() {
    return text(405, "405: Method Not Allowed");
  }

  static HttpResponse notAcceptable() {
    return text(406, "406: Not Acceptable");
  }

  /** Chunks without a content type: what containerLogs sends, its late errors included. */
  static HttpResponse stream(int status, Source<ByteString, ?> body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.createChunked(ContentTypes.NO_CONTENT_TYPE, body));
  }

  /** Moved for good; the small page goes with GET only, as Go's {@code http.Redirect} does. */
  static HttpResponse movedTo(Call call, String location) {
    var moved = redirect(location);
    if (!call.isGet() && !call.method().equals("HEAD")) {
      return moved;
    }
    var page = "<a href=\"" + escapeHtml(location) + "\">Moved Permanently</a>.\n\n";
    return moved.withEntity(HttpEntities.create(HTML, ByteString.fromString(page)));
  }

  /** Moved for good, to a place relative to this one, without a page. */
  static HttpResponse redirect(String location) {
    return HttpResponse.create()
        .withStatus(301)
        .withHeaders(List.of(RawHeader.create("Location", location)));
  }

  /** Why a stage failed, without what it is wrapped in. */
  static String reason(Throwable failure) {
    var unwrapped = failure instanceof CompletionException ? failure.getCause() : failure;
    return String.valueOf(unwrapped.getMessage());
  }

  static String escapeHtml(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;");
  }
}
