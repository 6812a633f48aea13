package dev.jkubelet.server;

import dev.jkubelet.stats.MetricsFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletionStage;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * Metrics, to any method: OpenMetrics to whoever prefers it, which the kubelet does not offer, else
 * Prometheus' text as Go's {@code promhttp} hands it out; gzip when it is asked for.
 */
record MetricsRoute(MetricsText text) implements Handler {
  private static final ContentType PROMETHEUS = versioned("text", "plain", "0.0.4");
  private static final ContentType OPEN_METRICS =
      versioned("application", "openmetrics-text", "1.0.0");

  @Override
  public CompletionStage<HttpResponse> handle(Call call) {
    var format = format(call.request());
    var type =
        switch (format) {
          case TEXT -> PROMETHEUS;
          case OPEN_METRICS -> OPEN_METRICS;
        };
    return text.in(format).thenApply(body -> answer(call.request(), type, body));
  }

  private static MetricsFormat format(HttpRequest request) {
    return quality(request, "application/openmetrics-text") > quality(request, "text/plain")
        ? MetricsFormat.OPEN_METRICS
        : MetricsFormat.TEXT;
  }

  /** How much the client wants that type, which it has to name; 0 not at all. */
  private static double quality(HttpRequest request, String type) {
    double best = 0;
    for (var header : request.getHeaders()) {
      if (header.is("accept")) {
        for (var range : header.value().split(",", -1)) {
          var parts = range.split(";", -1);
          if (parts[0].strip().equalsIgnoreCase(type)) {
            best = Math.max(best, quality(parts));
          }
        }
      }
    }
    return best;
  }

  private static double quality(String... parameters) {
    for (var parameter : parameters) {
      var stripped = parameter.strip();
      if (stripped.startsWith("q=")) {
        try {
          return Double.parseDouble(stripped.substring(2));
        } catch (NumberFormatException malformed) {
          return 0;
        }
      }
    }
    return 1;
  }

  private static HttpResponse answer(HttpRequest request, ContentType type, ByteString body) {
    return acceptsGzip(request)
        ? Answers.of(200, type, gzip(body)).addHeader(RawHeader.create("Content-Encoding", "gzip"))
        : Answers.of(200, type, body);
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

  private static ContentType versioned(String main, String sub, String version) {
    // Ordered: version before charset, as every exporter writes it.
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("version", version);
    parameters.put("charset", "utf-8");
    return Answers.type(main, sub, parameters);
  }

  private static final class QuickGzip extends GZIPOutputStream {
    QuickGzip(OutputStream out) throws IOException {
      super(out, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
