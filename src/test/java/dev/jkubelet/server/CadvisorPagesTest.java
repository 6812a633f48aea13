package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.NodeStats;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages, as a program reads them and as a browser draws them. */
class CadvisorPagesTest {
  @TempDir private Path folder;
  private final AtomicReference<NodeSnapshot> latest = new AtomicReference<>(BusyNode.snapshot());
  private CadvisorPort port;

  @BeforeEach
  void opens() {
    port =
        new CadvisorPort(
            new NodeStats() {
              @Override
              public NodeSnapshot latest() {
                return latest.get();
              }

              @Override
              public Source<NodeSnapshot, NotUsed> snapshots() {
                return Source.single(latest.get());
              }
            });
  }

  @AfterEach
  void closes() {
    port.close();
  }

  @Test
  void areReadableWithoutScripts() throws Exception {
    var root = get("/");
    assertThat(root.statusCode()).isEqualTo(307);
    assertThat(root.headers().firstValue("location")).hasValue("/containers/");

    var container = get("/containers" + BusyNode.CONTAINER);
    assertThat(container.statusCode()).isEqualTo(200);
    assertThat(container.headers().firstValue("content-security-policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'");
    assertThat(container.body())
        .contains("default/web/httpd", "busybox:1.36", "96.0 MiB", "CPU", "working set", "Network")
        .contains("&lt;script&gt;")
        .doesNotContain(BusyNode.NASTY);

    assertThat(get("/containers/").body()).contains("machine", "/dev/vda", "kubepods");
    assertThat(get("/pods/").body()).contains("default/web", "httpd").doesNotContain(">POD<");
    assertThat(get("/docker/").body()).contains("default/web/httpd", "default/web/POD");
    assertThat(get("/docker/c0ff").body()).contains("k8s_httpd_web_default_1234_0");
    assertThat(get("/machine/").body()).contains("Debian", "Kernel", "20.10");
    assertThat(get("/containers/nothing%3Cb%3E").statusCode()).isEqualTo(404);
    assertThat(get("/containers/nothing%3Cb%3E").body()).contains("nothing&lt;b&gt;");
    assertThat(get("/static/Pages.class").statusCode()).isEqualTo(404);
    assertThat(get("/static/uPlot.LICENSE").body()).contains("MIT License");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void theApiAnswersOnThePort() throws Exception {
    assertThat(get("/api/v1.3/containers" + BusyNode.CONTAINER).body())
        .startsWith("{\"id\":\"c0ffee\",\"name\":\"" + BusyNode.CONTAINER);
    assertThat(get("/api/v2.1/machine").body()).contains("num_cores");
    assertThat(get("/api/v2.1/attributes").body()).contains("\"kernel_version\":\"6.1\"");
    assertThat(get("/api/v2.1/ps/none").statusCode()).isEqualTo(500);
    assertThat(get("/api/v1.3/containers/none").body())
        .isEqualTo("failed to get container \"/none\" with error: unknown container \"/none\"\n");
    assertThat(get("/api/").statusCode()).isEqualTo(400);
    assertThat(get("/validate/").body()).contains("Cgroup setup: [Supported");
    assertThat(post("/api/v1.3/containers/", "{\"num_stats\":1}").body())
        .containsOnlyOnce("timestamp");
  }

  @Test
  void aBrowserDrawsThemAndAsksNobodyElse() throws Exception {
    try (var browser = new Browser(folder)) {
      browser.open(port.url("/containers" + BusyNode.CONTAINER));
      browser.await("document.querySelectorAll('#charts canvas').length >= 6");
      assertThat(browser.run("return document.title").asText())
          .isEqualTo("default/web/httpd · jkubelet");
      assertThat(
              browser
                  .run(
                      "return performance.getEntriesByType('resource').every(e =>"
                          + " e.name.startsWith(location.origin) || e.name.startsWith('data:'))")
                  .asBoolean())
          .isTrue();
      assertThat(
              browser
                  .run(
                      "const c = document.querySelector('#charts canvas'); const p ="
                          + " c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                          + " return p.some(v => v > 0)")
                  .asBoolean())
          .isTrue();

      var shots = Files.createDirectories(Path.of("target/screenshots"));
      for (var scheme : List.of("light", "dark")) {
        browser.screen(1200, 1000, scheme);
        browser.open(port.url("/containers" + BusyNode.CONTAINER));
        browser.await("document.querySelectorAll('#charts canvas').length >= 6");
        browser.screenshot(shots.resolve("container-" + scheme + ".png"));
        assertThat(paper(browser)).isEqualTo(scheme.equals("dark"));
      }
      for (var scheme : List.of("light", "dark")) {
        browser.screen(390, 844, scheme);
        for (var page : List.of("/containers/", "/pods/", "/docker/", "/machine/")) {
          browser.open(port.url(page));
          assertFitsAPhone(browser, page);
        }
        browser.open(port.url("/containers" + BusyNode.CONTAINER));
        browser.await("document.querySelectorAll('#charts canvas').length >= 6");
        assertFitsAPhone(browser, "a container's page");
        assertThat(paper(browser)).isEqualTo(scheme.equals("dark"));
        assertThat(contrast(browser)).as("contrast when %s", scheme).isGreaterThan(7);
        browser.screenshot(shots.resolve("phone-" + scheme + ".png"));
      }
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void chartsAndFiguresGoOnByThemselves() throws Exception {
    var shown = "document.querySelector('[data-title=\"Memory\"] [data-line=\"working set\"]')";
    try (var browser = new Browser(folder)) {
      browser.open(port.url("/containers" + BusyNode.CONTAINER));
      browser.await("document.querySelectorAll('#charts canvas').length >= 6");
      var before = browser.run("return " + shown + ".textContent").asText();

      latest.set(BusyNode.snapshot(20));

      browser.await(shown + ".textContent !== '" + before + "'");
      assertThat(browser.run("return performance.getEntriesByType('navigation').length").asInt())
          .isEqualTo(1);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void assertFitsAPhone(Browser browser, String page) throws Exception {
    assertThat(
            browser.run("return document.scrollingElement.scrollWidth <= innerWidth").asBoolean())
        .as("%s fits a phone", page)
        .isTrue();
    assertThat(
            browser
                .run(
                    "return [...document.querySelectorAll('canvas')].every(c =>"
                        + " c.getBoundingClientRect().right <= innerWidth)")
                .asBoolean())
        .as("charts of %s fit a phone", page)
        .isTrue();
  }

  /** Of text on its ground, as WCAG has it: 7 is its best grade. */
  private static double contrast(Browser browser) throws IOException, InterruptedException {
    return browser
        .run(
            """
            const light = color => {
              const [r, g, b] = color.match(/\\d+/g).slice(0, 3).map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const style = getComputedStyle(document.body);
            const [low, high] = [light(style.color), light(style.backgroundColor)].sort((a, b) => a - b);
            return (high + 0.05) / (low + 0.05);
            """)
        .asDouble();
  }

  /** Whether the page's ground is dark. */
  private static boolean paper(Browser browser) throws IOException, InterruptedException {
    var rgb = browser.run("return getComputedStyle(document.body).backgroundColor").asText();
    return Integer.parseInt(rgb.replaceAll("rgb\\((\\d+),.*", "$1")) < 128;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(port.url(path))).build());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(port.url(path)))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
