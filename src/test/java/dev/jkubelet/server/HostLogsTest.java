package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostLogsTest {
  private static final Instant LONG_AGO = Instant.parse("2020-01-02T03:04:05.678Z");

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    var log = Files.createDirectories(folder.resolve("log"));
    Files.writeString(folder.resolve("secret"), "secret");
    Files.writeString(log.resolve("a.log"), "0123456789");
    Files.setLastModifiedTime(log.resolve("a.log"), FileTime.from(LONG_AGO));
    Files.createDirectories(log.resolve("pods"));
    Files.writeString(log.resolve("B <&\"'>: x"), "text");
    Files.write(log.resolve("binary"), new byte[] {1, 2, 3});
    Files.writeString(log.resolve("empty"), "");
    Files.createSymbolicLink(log.resolve("link"), folder.resolve("secret"));
    Files.createSymbolicLink(log.resolve("linked"), log.resolve("pods"));
    assertThat(new ProcessBuilder("mkfifo", log.resolve("pipe").toString()).start().waitFor())
        .isZero();
    server = TestServer.start(TestServer.Options.in(folder));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void listsAFolderInByteOrder() throws Exception {
    var answer = get("/logs/");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(answer.header("last-modified")).isPresent();
    assertThat(answer.text())
        .isEqualTo(
            """
            <pre>
            <a href="./B%20%3C&amp;%22%27%3E:%20x">B &lt;&amp;&#34;&#39;&gt;: x</a>
            <a href="a.log">a.log</a>
            <a href="binary">binary</a>
            <a href="empty">empty</a>
            <a href="link">link</a>
            <a href="linked">linked</a>
            <a href="pipe">pipe</a>
            <a href="pods/">pods/</a>
            </pre>
            """);
  }

  @Test
  void servesAFile() throws Exception {
    var answer = get("/logs/a.log");
    assertThat(answer.text()).isEqualTo("0123456789");
    assertThat(answer.header("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.header("content-length")).hasValue("10");
    assertThat(answer.header("accept-ranges")).hasValue("bytes");
    assertThat(answer.header("last-modified")).hasValue("Thu, 02 Jan 2020 03:04:05 GMT");
    assertThat(get("/logs/binary").header("content-type")).hasValue("application/octet-stream");
    assertThat(get("/logs/empty").body()).isEmpty();
    assertThat(get("/logs/B%20%3C&%22%27%3E:%20x").text()).isEqualTo("text");
  }

  @Test
  void servesRanges() throws Exception {
    var middle = get("/logs/a.log", "Range: bytes=2-4");
    assertThat(middle.status()).isEqualTo(206);
    assertThat(middle.text()).isEqualTo("234");
    assertThat(middle.header("content-range")).hasValue("bytes 2-4/10");
    assertThat(get("/logs/a.log", "Range: bytes=-3").text()).isEqualTo("789");
    assertThat(get("/logs/a.log", "Range: bytes=8-").text()).isEqualTo("89");
    var outside = get("/logs/a.log", "Range: bytes=10-");
    assertThat(outside.status()).isEqualTo(416);
    assertThat(outside.header("content-range")).hasValue("bytes */10");
  }

  @Test
  void honoursARangeOnlyForTheVersionItIsOf() throws Exception {
    var same = "If-Range: Thu, 02 Jan 2020 03:04:05 GMT";
    assertThat(get("/logs/a.log", "Range: bytes=0-0", same).text()).isEqualTo("0");
    var older = "If-Range: Thu, 02 Jan 2020 03:04:04 GMT";
    assertThat(get("/logs/a.log", "Range: bytes=0-0", older).text()).isEqualTo("0123456789");
  }

  @Test
  void saysWhenNothingChanged() throws Exception {
    var since = "If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT";
    assertThat(get("/logs/a.log", since).status()).isEqualTo(304);
    assertThat(get("/logs/a.log", since).body()).isEmpty();
    var before = "If-Modified-Since: Thu, 02 Jan 2020 03:04:04 GMT";
    assertThat(get("/logs/a.log", before).status()).isEqualTo(200);
  }

  @Test
  void followsLinksAsContainersLogsNeed() throws Exception {
    assertThat(get("/logs/link").text()).isEqualTo("secret");
    assertThat(get("/logs/linked").header("location")).hasValue("linked/");
  }

  @Test
  void sendsFoldersAndFilesToTheirOwnPaths() throws Exception {
    assertThat(get("/logs/pods").header("location")).hasValue("pods/");
    assertThat(get("/logs/a.log/").header("location")).hasValue("../a.log");
  }

  @Test
  void doesNotWaitForAPipe() throws Exception {
    assertThat(get("/logs/pipe").status()).isEqualTo(404);
  }

  @Test
  void isReadOnly() throws Exception {
    for (var method : List.of("HEAD", "POST", "PUT", "DELETE")) {
      var answer = RawHttp.exchange(server.kubelet(), method + " /logs/ HTTP/1.1", List.of());
      assertThat(answer.status()).isEqualTo(405);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/logs/../secret",
        "/logs/%2e%2e/secret",
        "/logs/..%2fsecret",
        "/logs/%2E%2E%2Fsecret",
        "/logs/pods/../../secret",
        "/logs//../secret",
        "/logs/.%2e/secret",
        "/logs/a.log%00/../../secret",
        "/logs/..%00/secret",
        "/logs/%00",
        "/logs/..%5csecret",
        "/logs/..;/secret",
        "/logs/%252e%252e/secret",
        "http://node/logs/../secret",
      })
  void neverLeavesTheFolder(String path) throws Exception {
    var answer = get(path);
    assertThat(answer.status()).isIn(301, 400, 404);
    assertThat(answer.text()).isNotEqualTo("secret");
  }

  private static RawHttp.Answer get(String path, String... headers) throws Exception {
    try {
      return RawHttp.get(server.kubelet(), path, headers);
    } catch (IOException e) {
      throw new IOException(path, e);
    }
  }
}
