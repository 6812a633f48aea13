package dev.jkubelet.server;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.server.cadvisor.Monitoring;
import dev.jkubelet.server.cadvisor.Pages;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** cAdvisor's pages. A browser is told to load nothing but what this port serves. */
final class CadvisorPages {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** The only files that are served from the class path. */
  private static final Map<String, ContentType> FILES =
      Map.of(
          "uPlot.iife.min.js", Answers.type("text", "javascript", Map.of("charset", "utf-8")),
          "pages.js", Answers.type("text", "javascript", Map.of("charset", "utf-8")),
          "uPlot.min.css", Answers.type("text", "css", Map.of("charset", "utf-8")),
          "pages.css", Answers.type("text", "css", Map.of("charset", "utf-8")),
          "uPlot.LICENSE", Answers.TEXT);

  private final Monitoring shown;
  private final Pages pages;
  private final BlockingCalls calls;

  CadvisorPages(Monitoring shown, BlockingCalls calls) {
    this.shown = shown;
    this.pages = new Pages(shown.stats());
    this.calls = calls;
  }

  void on(GoMux mux) {
    mux.handle("/", CadvisorPages::root)
        .handle("/containers/", call -> page(call, pages::container))
        .handle("/docker/", call -> page(call, pages::docker))
        .handle("/pods/", call -> page(call, _ -> Optional.of(pages.pods())))
        .handle("/machine/", this::machine)
        .handle("/charts/", this::charts)
        .handle("/static/", this::file);
  }

  /** As cAdvisor does: its start page is the machine's. */
  private static CompletionStage<HttpResponse> root(Call call) {
    return CompletableFuture.completedFuture(
        call.path().equals("/")
            ? HttpResponse.create()
                .withStatus(307)
                .withHeaders(List.of(RawHeader.create("Location", "/containers/")))
            : Answers.notFound());
  }

  private CompletionStage<HttpResponse> page(
      Call call, Function<String, Optional<ByteString>> render) {
    return calls.call(
        "page",
        CadvisorApi.LIMIT,
        () ->
            render
                .apply(call.path())
                .map(body -> html(200, body))
                .orElseGet(() -> html(404, pages.missing(call.path()))));
  }

  private CompletionStage<HttpResponse> machine(Call call) {
    return shown.machine().thenApply(facts -> html(200, pages.machine(facts)));
  }

  private CompletionStage<HttpResponse> charts(Call call) {
    return calls.call(
        "charts",
        CadvisorApi.LIMIT,
        () -> pages.charts(call.path()).map(Answers::json).orElseGet(Answers::notFound));
  }

  private CompletionStage<HttpResponse> file(Call call) {
    var name = call.path().substring("/static/".length());
    var type = FILES.get(name);
    if (type == null) {
      return CompletableFuture.completedFuture(Answers.notFound());
    }
    return calls.call(
        "page's file",
        CadvisorApi.LIMIT,
        () ->
            Answers.sniffless(
                Answers.of(200, type, resource(name))
                    .addHeader(RawHeader.create("Cache-Control", "max-age=300"))));
  }

  private static ByteString resource(String name) throws IOException {
    try (var in = Pages.class.getResourceAsStream(name)) {
      return ByteString.fromArrayUnsafe(in.readAllBytes());
    }
  }

  private static HttpResponse html(int status, ByteString body) {
    return Answers.sniffless(Answers.of(status, Answers.HTML, body))
        .addHeader(RawHeader.create("Content-Security-Policy", POLICY))
        .addHeader(RawHeader.create("Referrer-Policy", "no-referrer"))
        .addHeader(RawHeader.create("Cache-Control", "no-store"));
  }
}
