package dev.jkubelet.server;

import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Answers in the kubelet's shapes: those of Go's mux, of go-restful, and of its own handlers. */
final class Replies {
  /** Without charset, as the kubelet has it. */
  static final ContentType JSON = ContentTypes.APPLICATION_JSON;

  static final ContentType METRICS =
      MediaTypes.customWithFixedCharset(
              "text",
              "plain",
              org.apache.pekko.http.javadsl.model.HttpCharsets.UTF_8,
              java.util.Map.of("version", "0.0.4"),
              false)
          .toContentType();

  private static final List<HttpHeader> NOSNIFF =
      List.of(RawHeader.create("X-Content-Type-Options", "nosniff"));

  private Replies() {}

  static HttpResponse bytes(ContentType type, byte[] body) {
    return HttpResponse.create().withEntity(HttpEntities.create(type, body));
  }

  static HttpResponse bytes(ContentType type, ByteString body) {
    return HttpResponse.create().withEntity(HttpEntities.create(type, body));
  }

  static HttpResponse text(int status, String body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, body));
  }

  /** Go's http.Error: a newline and nosniff. */
  static HttpResponse goError(int status, String message) {
    return text(status, message + "\n").addHeaders(NOSNIFF);
  }

  static HttpResponse notFound() {
    return goError(404, "404 page not found");
  }

  static HttpResponse methodNotAllowed() {
    return text(405, "405: Method Not Allowed");
  }

  /** A plain text of a handler's: no newline. */
  static HttpResponse error(int status, String message) {
    return text(status, message);
  }
}
