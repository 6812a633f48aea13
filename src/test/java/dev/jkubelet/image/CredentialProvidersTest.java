package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.RegistryCredentials;
import dev.jkubelet.stats.MovingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs are scripts that write down what they are told. */
class CredentialProvidersTest {
  private static final String CONFIG =
      """
      apiVersion: kubelet.config.k8s.io/v1alpha1
      kind: CredentialProviderConfig
      providers:
      - name: cloud
        apiVersion: credentialprovider.kubelet.k8s.io/v1alpha1
        matchImages: ["*.cloud.test", "r.test/team"]
        defaultCacheDuration: 10m
        args: [get, it]
        env: [{name: REGION, value: north}]
      """;

  @TempDir private Path root;
  private final MovingClock clock = new MovingClock("2026-11-27T12:00:00Z");
  private Path told;
  private CredentialProviders providers;

  @BeforeEach
  void open() throws IOException {
    told = root.resolve("told");
    program("{\"auth\": {\"*.cloud.test\": {\"username\": \"me\", \"password\": \"'$n'\"}}}");
    Files.writeString(root.resolve("config.yaml"), CONFIG);
    providers = read();
  }

  @Test
  void areAskedForTheImagesThatTheyAreForAlone() throws IOException {
    assertThat(passwords("a.cloud.test/x:1")).containsExactly("1");
    assertThat(told)
        .content()
        .contains("get it north ")
        .contains("\"kind\":\"CredentialProviderRequest\"")
        .contains("\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1alpha1\"")
        .contains("\"image\":\"a.cloud.test/x:1\"");
    assertThat(passwords("cloud.test/x")).isEmpty();
    assertThat(passwords("other.test/x")).isEmpty();
    assertThat(asked()).isEqualTo(1);
    passwords("r.test/team/x");
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void areAskedAgainOnceTheirAnswerIsTooOld() throws IOException {
    passwords("a.cloud.test/x");
    clock.move(Duration.ofMinutes(9));
    assertThat(passwords("a.cloud.test/x:2")).containsExactly("1");
    clock.move(Duration.ofMinutes(1));
    assertThat(passwords("a.cloud.test/x")).containsExactly("2");
  }

  @ParameterizedTest
  @CsvSource({"Image, 2, 3", "Registry, 1, 2", "Global, 1, 1"})
  void sayForWhatTheirAnswerIsGood(String key, int sameRegistry, int another) throws IOException {
    program(
        "{\"cacheKeyType\": \""
            + key
            + "\", \"cacheDuration\": \"1h\", \"auth\": {\"*.cloud.test\":"
            + " {\"username\": \"me\", \"password\": \"'$n'\"}}}");
    passwords("a.cloud.test/x");
    passwords("a.cloud.test/y");
    assertThat(asked()).isEqualTo(sameRegistry);
    passwords("b.cloud.test/x");
    assertThat(asked()).isEqualTo(another);
  }

  @Test
  void costNobodyAnythingWhenTheyFail() throws IOException {
    Files.writeString(root.resolve("cloud"), "#!/bin/sh\nexit 3\n");
    assertThat(passwords("a.cloud.test/x")).isEmpty();
    Files.delete(root.resolve("cloud"));
    assertThat(passwords("a.cloud.test/x")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: Other                                                          | expected kind CredentialProviderConfig
          kind: CredentialProviderConfig                                       | providers: expected at least one
          {kind: CredentialProviderConfig, providers: [{name: ../x}]}          | providers[../x].name: expected the name of a program
          {kind: CredentialProviderConfig, providers: [{name: x}]}             | providers[x].matchImages: expected at least one
          {kind: CredentialProviderConfig, providers: [{name: x, matchImages: [a], defaultCacheDuration: y}]} | providers[x].defaultCacheDuration: expected a duration such as 10m
          """)
  void areNamedWhenTheirConfigurationIsWrong(String text, String message) throws IOException {
    Files.writeString(root.resolve("config.yaml"), text);
    assertThatThrownBy(this::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(message);
  }

  private CredentialProviders read() {
    return CredentialProviders.read(root.resolve("config.yaml"), root, new BlockingCalls(4), clock);
  }

  private void program(String answer) throws IOException {
    var file = root.resolve("cloud");
    Files.writeString(
        file,
        """
        #!/bin/sh
        echo "$@ $REGION $(cat)" >>%s
        n=$(wc -l <%s)
        echo '{"kind": "CredentialProviderResponse", %s'
        """
            .formatted(told, told, answer.substring(1)));
    file.toFile().setExecutable(true);
  }

  private long asked() throws IOException {
    return Files.readAllLines(told).size();
  }

  private List<String> passwords(String image) {
    var reference = ImageReference.parse(image);
    return providers.apply(reference).toCompletableFuture().join().candidates(reference).stream()
        .map(RegistryCredentials::password)
        .toList();
  }
}
