package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.RegistryCredentials;
import dev.jkubelet.runtime.docker.DockerOptions;
import dev.jkubelet.runtime.docker.DockerRuntime;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a real registry that wants a password, and a real engine. */
class PrivateRegistryTest {
  private static final RegistryCredentials GOOD = login("127.0.0.1:5599/private", "open-sesame");
  private static final RegistryCredentials BAD = login("127.0.0.1:5599", "open-barley");

  private static DockerRuntime runtime;
  private static String image;

  @BeforeAll
  static void start() throws Exception {
    run("bin/registry", "up");
    image = run("bin/registry", "env");
    runtime =
        DockerRuntime.connect(
            DockerOptions.of(System.getenv("DOCKER_HOST"), Duration.ofSeconds(30)),
            new BlockingCalls(8),
            OomKills.ofKernel());
  }

  @AfterAll
  static void disconnect() {
    runtime.close();
  }

  @AfterEach
  void removeImage() throws Exception {
    new ProcessBuilder("docker", "rmi", image)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void refusesWhoShowsNothing() throws Exception {
    assertThat(pull())
        .isInstanceOfSatisfying(
            PullOutcome.ErrImagePull.class,
            refused ->
                assertThat(refused.message())
                    .startsWith("rpc error: code = Unknown desc = Error response from daemon: ")
                    .contains("no basic auth credentials"));
  }

  @Test
  void refusesAWrongPassword() throws Exception {
    assertThat(pull(BAD))
        .isInstanceOfSatisfying(
            PullOutcome.ErrImagePull.class,
            refused -> assertThat(refused.message()).contains("unauthorized"));
  }

  @Test
  void givesTheImageToWhoKnowsThePassword() throws Exception {
    assertThat(pull(GOOD)).isInstanceOf(PullOutcome.Present.class);
  }

  @Test
  void triesTheNextAfterAWrongOne() throws Exception {
    var wrongFirst = login("127.0.0.1:5599/private/busybox", "wrong");

    assertThat(pull(GOOD, wrongFirst)).isInstanceOf(PullOutcome.Present.class);
  }

  private static RegistryCredentials login(String registry, String password) {
    return new RegistryCredentials(registry, "tester", password);
  }

  private static PullOutcome pull(RegistryCredentials... logins) throws Exception {
    var keyring = new Keyring(List.of(new DockerConfig(List.of(logins))));
    return new Images(runtime, 1, Clock.systemUTC())
        .ensure(image, PullPolicy.ALWAYS, () -> CompletableFuture.completedStage(keyring), _ -> {})
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS);
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + ": " + output).isZero();
    return output.strip();
  }
}
