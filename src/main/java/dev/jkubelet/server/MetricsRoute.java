package dev.jkubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * Prometheus text as Go's {@code promhttp} hands it out: to any method, gzip when it is asked for,
 * never OpenMetrics.
 */
record MetricsRoute(Supplier<CompletionStage<ByteString>> text) implements Handler {
  private static final ContentType PROMETHEUS = prometheus();

  @Override
  public CompletionStage<HttpResponse> handle(Call call) {
    return text.get().thenApply(body -> answer(call.request(), body));
  }

  private static HttpResponse answer(HttpRequest request, ByteString body) {
    return acceptsGzip(request)
        ? Answers.of(200, PROMETHEUS, gzip(body))
            .addHeader(RawHeader.create("Content-Encoding", "gzip"))
        : Answers.of(200, PROMETHEUS, body);
  }

  private static boolean acceptsGzip(HttpRequest request) {
    var accepted = request.getHeader("accept-encoding").map(header -> header.value()).orElse("");
    for (var part : accepted.split(",", -1)) {
      var coding = part.strip();
      if (coding.equals("gzip") || coding.startsWith("gzip;")) {
        return true;
      }
    }
    return false;
  }

  private static ByteString gzip(ByteString body) {
    var out = new ByteArrayOutputStream(body.size() / 8 + 64);
    try (var gzip = new QuickGzip(out)) {
      gzip.write(body.toArrayUnsafe());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteString.fromArrayUnsafe(out.toByteArray());
  }

  private static ContentType prometheus() {
    // Ordered: version before charset, as every exporter writes it.
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("version", "0.0.4");
    parameters.put("charset", "utf-8");
    return Answers.type("text", "plain", parameters);
  }

  private static final class QuickGzip extends GZIPOutputStream {
    QuickGzip(OutputStream out) throws IOException {
      super(out, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
