package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {
  private static final String GOOD =
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443/"}}]
      users: [{name: u, user: {token: secret}}]
      contexts: [{name: x, context: {cluster: c, user: u}}]
      current-context: x
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("kubeconfig"), text);
  }

  @Test
  void readsTheCurrentContext() throws IOException {
    var kubeconfig = Kubeconfig.read(file(GOOD));
    assertThat(kubeconfig.server()).hasToString("https://10.0.0.1:6443");
    assertThat(kubeconfig.login()).isEqualTo(new Kubeconfig.Login.Token("secret"));
    assertThat(kubeconfig.toString()).doesNotContain("secret");
  }

  @Test
  void aPathCountsFromTheKubeconfigsFolder() throws IOException {
    var kubeconfig = Kubeconfig.read(file(GOOD.replace("token: secret", "tokenFile: tokens/a")));
    assertThat(kubeconfig.login())
        .isEqualTo(new Kubeconfig.Login.TokenFile(folder.resolve("tokens/a")));
  }

  @Test
  void dataBeatsAFile() throws IOException {
    var text =
        GOOD.replace(
            "{server", "{certificate-authority: x, certificate-authority-data: aGk=, server");
    assertThat(Kubeconfig.read(file(text)).authority())
        .contains(new PemSource.Inline("clusters[c].cluster.certificate-authority-data", "hi"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "current-context: x     | current-context: ''          | current-context: expected a value, found none",
        "current-context: x     | current-context: y           | contexts: expected one with the name \"y\"",
        "cluster: c, user       | cluster: d, user             | clusters: expected one with the name \"d\"",
        "user: u}               | user: w}                     | users: expected one with the name \"w\"",
        "https://               | ftp://                       | clusters[c].cluster.server: expected a URL such as https://10.0.0.1:6443, got \"ftp://10.0.0.1:6443/\"",
        "{server                | {tls-server-name: a, server  | clusters[c].cluster.tls-server-name: is not supported",
        "{server                | {certificate-authority-data: '*', server | clusters[c].cluster.certificate-authority-data: expected base64",
        "{server                | {proxy-url: 'socks5://a:1', server | clusters[c].cluster.proxy-url: expected http://HOST:PORT, got \"socks5://a:1\"",
        "token: secret          | client-certificate: a        | users[u].user.client-key: expected the key of client-certificate, found none",
        "token: secret          | exec: {command: a}           | users[u].user.exec.apiVersion: expected a value, found none",
        "token: secret          | auth-provider: {name: gcp}   | users[u].user.auth-provider: is not supported; expected exec or a token",
        "clusters: [            | clusters: {                  | line 3: expected a kubeconfig in YAML or JSON",
      })
  void saysInOneLineWhichFieldIsWrong(String good, String bad, String problem) throws IOException {
    var file = file(GOOD.replace(good, bad));
    assertThatThrownBy(() -> Kubeconfig.read(file))
        .isInstanceOf(InvalidKubeconfig.class)
        .message()
        .startsWith(file + ": " + problem)
        .hasLineCount(1);
  }

  @Test
  void saysThatThereIsNoFile() {
    assertThatThrownBy(() -> Kubeconfig.read(folder.resolve("none")))
        .isInstanceOf(InvalidKubeconfig.class)
        .hasMessage(folder.resolve("none") + ": no such file");
  }

  @Test
  void saysWhichFileOfItIsMissing() throws IOException {
    var file = file(GOOD.replace("token: secret", "client-certificate: a.pem, client-key: a.pem"));
    assertThatThrownBy(() -> RemoteApiServer.connect(file, "n"))
        .isInstanceOf(InvalidKubeconfig.class)
        .hasMessage(
            "%s: users[u].user.client-certificate: %s: no such file",
            file, folder.resolve("a.pem"));
  }

  @Test
  void saysWhichFileOfItHoldsNoCertificate() throws IOException {
    Files.writeString(folder.resolve("ca.pem"), "nothing");
    var file = file(GOOD.replace("{server", "{certificate-authority: ca.pem, server"));
    assertThatThrownBy(() -> RemoteApiServer.connect(file, "n"))
        .isInstanceOf(InvalidKubeconfig.class)
        .hasMessage(
            "%s: clusters[c].cluster.certificate-authority: %s: expected a PEM certificate, found none",
            file, folder.resolve("ca.pem"));
  }
}
