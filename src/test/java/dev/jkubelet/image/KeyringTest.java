package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.RegistryCredentials;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyringTest {
  @ParameterizedTest
  @CsvSource({
    "r.test, r.test/x, true",
    "r.test, r.test/team/x:1, true",
    "https://r.test, r.test/x, true",
    "http://r.test/, r.test/x, true",
    "https://r.test/v1/, r.test/x, true",
    "https://r.test/v2/, r.test/x, true",
    "https://r.test/v2/team, r.test/team/x, true",
    "r.test/team, r.test/team/x, true",
    "r.test/team, r.test/teams/x, true",
    "r.test/team, r.test/x, false",
    "r.test, r.test:5000/x, false",
    "r.test:5000, r.test:5000/x, true",
    "r.test:5000, r.test:6000/x, false",
    "*.r.test, a.r.test/x, true",
    "*.r.test, r.test/x, false",
    "*.r.test, a.b.r.test/x, false",
    "*.*.test, a.b.test/x, true",
    "reg-?.test, reg-1.test/x, false",
    "reg-[0-9].test, reg-1.test/x, true",
    "reg-[^0-9].test, reg-1.test/x, false",
    "reg-[.test, reg-1.test/x, false",
    "*, r.test/x, false",
    "docker.io, busybox, true",
    "docker.io/library, busybox, true",
    "https://index.docker.io/v1/, busybox, true",
    "index.docker.io, me/x, true",
    "https://index.docker.io/v1/, r.test/x, false",
    "https://index.docker.io/v1/, localhost/x, false",
  })
  void opensWhatTheRegistrysNameIsABeginningOf(String registry, String image, boolean opens) {
    assertThat(candidates(image, registry)).isEqualTo(opens ? List.of(registry) : List.of());
  }

  @Test
  void triesTheMostSpecificFirst() {
    assertThat(candidates("r.test/team/x", "*.test", "r.test", "r.test/team", "r.test/other"))
        .containsExactly("r.test/team", "r.test", "*.test");
  }

  @Test
  void keepsSeveralOfOneRegistry() {
    assertThat(candidates("r.test/x", "r.test", "https://r.test", "r.test"))
        .containsExactly("r.test", "https://r.test");
  }

  @Test
  void prefersWhatNamesDockersRegistry() {
    assertThat(candidates("busybox", "https://index.docker.io/v1/", "docker.io"))
        .containsExactly("docker.io");
  }

  private static List<String> candidates(String image, String... registries) {
    var logins =
        Arrays.stream(registries).map(r -> new RegistryCredentials(r, "user", "pass")).toList();
    return new Keyring(List.of(new DockerConfig(logins)))
        .candidates(ImageReference.parse(image)).stream().map(RegistryCredentials::server).toList();
  }
}
