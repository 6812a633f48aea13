package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.RegistryCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerConfigTest {
  @Test
  void readsBothForms() {
    var entry = "{\"r.test\": {\"auth\": \"bWU6czpjcmV0\", \"email\": \"x\"}}";
    var login = new RegistryCredentials("r.test", "me", "s:cret");

    assertThat(
            DockerConfig.ofConfigJson("{\"auths\": " + entry + ", \"psFormat\": \"x\"}").logins())
        .containsExactly(login);
    assertThat(DockerConfig.ofDockercfg(entry).logins()).containsExactly(login);
    assertThat(DockerConfig.ofConfigJson("{}").logins()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'username': 'me', 'password': 'pw'} | me | pw",
        "{'username': 'me', 'password': 'pw', 'auth': 'eW91OmE='} | you | a",
        "{'auth': 'eW91OmFi'} | you | ab",
        "{'auth': 'eW91OmE'} | you | a",
        "{} | '' | ''",
      })
  void takesTheFieldAuthBeforeTheOthers(String entry, String username, String password) {
    var text = "{'r.test': %s}".formatted(entry).replace('\'', '"');

    assertThat(DockerConfig.ofDockercfg(text).logins())
        .containsExactly(new RegistryCredentials("r.test", username, password));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret | Docker credentials: expected JSON",
        "[] | Docker credentials: expected a JSON object",
        "{'auths': 1} | Docker credentials: auths: expected an object",
        "{'auths': {'r': 1}} | Docker credentials: auths[r]: expected an object",
        "{'auths': {'r': {'auth': '!'}}} | Docker credentials: auths[r].auth: must be formatted as base64(username:password)",
        "{'auths': {'r': {'auth': 'bm8='}}} | Docker credentials: auths[r].auth: must be formatted as base64(username:password)",
      })
  void saysWhatIsWrongWithoutTellingSecrets(String text, String message) {
    assertThatThrownBy(() -> DockerConfig.ofConfigJson(text.replace('\'', '"')))
        .isInstanceOf(BadDockerConfig.class)
        .hasMessage(message);
  }
}
