package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.server.auth.Authentication;
import dev.jkubelet.server.auth.Credentials;
import dev.jkubelet.server.auth.User;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Status, content type, location and body against the recorded answers of the real kubelet. */
class GoldenAnswersTest {
  private static final Map<String, String> LOGS =
      Map.of("prepare", "prepared\n", "main", "finished\n", "boom", "dying\n", "logger", "");

  @TempDir private static Path folder;
  private static TestServer open;
  private static TestServer closed;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(folder.resolve("log/pods"));
    var options =
        TestServer.Options.in(folder)
            .withLogs(
                (file, _, _) ->
                    Source.single(ByteString.fromString(LOGS.get(file.getFileName().toString()))));
    open = TestServer.start(options);
    closed =
        TestServer.start(
            options.asking(
                GoldenAnswersTest::authenticate,
                (user, _) ->
                    CompletableFuture.completedFuture(user.name().equals("golden-admin"))));
  }

  private static CompletionStage<Authentication> authenticate(Credentials credentials) {
    return CompletableFuture.completedFuture(
        credentials
            .bearerToken()
            .map(GoldenAnswersTest::user)
            .orElseGet(Authentication.NoOpinion::new));
  }

  private static Authentication user(String token) {
    return token.startsWith("good-")
        ? new Authentication.Known(
            new User(token.replace("good-", "golden-"), List.of()).authenticated())
        : new Authentication.Rejected("unknown token");
  }

  @AfterAll
  static void stop() {
    open.close();
    closed.close();
  }

  static Stream<Golden> toAnyone() throws Exception {
    return Golden.all("10248-", "10250-", "10255-", "containerlogs-", "logs-", "cri", "exec-read");
  }

  static Stream<Golden> toStrangers() throws Exception {
    return Golden.all("unauthorized-");
  }

  static Stream<Golden> toTheForbidden() throws Exception {
    return Golden.all("forbidden-");
  }

  @ParameterizedTest
  @MethodSource("toAnyone")
  void answersAnyoneAsTheKubelet(Golden golden) throws Exception {
    assertThat(ask(open, golden)).isEqualTo(golden.expected());
  }

  @ParameterizedTest
  @MethodSource("toStrangers")
  void turnsStrangersAwayAsTheKubelet(Golden golden) throws Exception {
    assertThat(ask(closed, golden)).isEqualTo(golden.expected());
  }

  @ParameterizedTest
  @MethodSource("toTheForbidden")
  void forbidsAsTheKubelet(Golden golden) throws Exception {
    assertThat(ask(closed, golden, "Authorization: Bearer good-nobody"))
        .isEqualTo(golden.expected());
  }

  @Test
  void letsTheAllowedIn() throws Exception {
    var golden = Golden.named("authorized-certificate");
    assertThat(ask(closed, golden, "Authorization: Bearer good-admin"))
        .isEqualTo(golden.expected());
  }

  @Test
  void allowsNothingWhenTheAuthorizerFails() throws Exception {
    var options =
        TestServer.Options.in(folder)
            .asking(
                GoldenAnswersTest::authenticate,
                (_, _) -> CompletableFuture.failedFuture(new IOException("no API server")));
    try (var failing = TestServer.start(options)) {
      var golden = Golden.named("authorizer-error");
      assertThat(ask(failing, golden, "Authorization: Bearer good-nobody"))
          .isEqualTo(golden.expected());
    }
  }

  private static String ask(TestServer server, Golden golden, String... more) throws Exception {
    var headers = new ArrayList<>(golden.requestHeaders());
    if (headers.stream().noneMatch(header -> header.startsWith("Authorization"))) {
      headers.addAll(List.of(more));
    }
    return Golden.describe(
        RawHttp.exchange(socket(server, golden.port()), golden.requestLine(), headers));
  }

  private static Socket socket(TestServer server, int port) throws Exception {
    return switch (port) {
      case 20250 -> server.kubelet();
      case 20255 -> server.readOnly();
      case 20248 -> server.healthz();
      default -> throw new IllegalArgumentException("no such port on the reference: " + port);
    };
  }
}
