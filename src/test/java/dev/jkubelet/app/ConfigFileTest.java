package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  @TempDir Path folder;

  private void assertRefused(Path file, String message) {
    var ran = Ran.with("--config", file.toString());
    assertThat(ran.err()).isEqualTo("jkubelet: " + message + "\n");
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
  }

  /** Lines and columns count the two lines of the header. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "maxPod: 1|3:1: unknown field maxPod: did you mean maxPods?",
        "max-pods: 1|3:1: unknown field max-pods: did you mean maxPods?",
        "pod-manifest-path: /p|3:1: unknown field pod-manifest-path: did you mean staticPodPath?",
        "frob: 1|3:1: unknown field frob: expected a field of KubeletConfiguration v1beta1",
        "<<: {}|3:1: unknown field <<: expected a field of KubeletConfiguration v1beta1",
        "[a]: 1|3:1: unknown field ?: expected a field of KubeletConfiguration v1beta1",
        "nodeIP: 1|3:1: unknown field nodeIP: expected a field of KubeletConfiguration v1beta1",
        "authentication: {x509: {caFile: a}}|3:25: unknown field authentication.x509.caFile: expected a field of KubeletConfiguration v1beta1",
        "authentication: {webhok: {}}|3:18: unknown field authentication.webhok: did you mean authentication.webhook?",
        "authentication: yes|3:17: expected fields of authentication, got \"yes\"",
        "authentication: {x509: [a]}|3:24: expected fields of authentication.x509, got a list",
        "port: \"10250\"|3:7: port: expected a whole number, 1 to 65535, got \"10250\"",
        "port: 70000|3:7: port: expected a whole number, 1 to 65535, got \"70000\"",
        "port: [1]|3:7: port: expected a whole number, 1 to 65535, got a list",
        "port: {a: 1}|3:7: port: expected a whole number, 1 to 65535, got fields",
        "maxPods: 1.5|3:10: maxPods: expected a whole number, 0 or more, got \"1.5\"",
        "maxPods: 3000000000|3:10: maxPods: expected a whole number, 0 or more, got \"3000000000\"",
        "syncFrequency: 60|3:16: syncFrequency: expected a duration such as 90s or 1h30m, 1ms or more, got \"60\"",
        "syncFrequency: 1d|3:16: syncFrequency: expected a duration such as 90s or 1h30m, 1ms or more, got \"1d\"",
        "syncFrequency: -1s|3:16: syncFrequency: expected a duration such as 90s or 1h30m, 1ms or more, got \"-1s\"",
        "enableServer: maybe|3:15: enableServer: expected true or false, got \"maybe\"",
        "enableServer: \"true\"|3:15: enableServer: expected true or false, got \"true\"",
        "address: localhost|3:10: address: expected an IP address, got \"localhost\"",
        "address: 1.2.3|3:10: address: expected an IP address, got \"1.2.3\"",
        "clusterDNS: [10.0.0.1, dns]|3:13: clusterDNS: expected a list of IP addresses, got a list",
        "clusterDNS: 10.0.0.1|3:13: clusterDNS: expected a list of IP addresses, got \"10.0.0.1\"",
        "containerLogMaxSize: 10Mb|3:22: containerLogMaxSize: expected a size such as 10Mi, got \"10Mb\"",
        "containerLogMaxSize: 10|3:22: containerLogMaxSize: expected a size such as 10Mi, got \"10\"",
        "containerLogMaxFiles: 1|3:23: containerLogMaxFiles: expected a whole number, 2 or more, got \"1\"",
        "cgroupDriver: croup|3:15: cgroupDriver: expected one of cgroupfs, systemd, got \"croup\"",
        "authorization: {mode: RBAC}|3:23: authorization.mode: expected one of AlwaysAllow, Webhook, got \"RBAC\"",
        "enforceNodeAllocatable: [all]|3:25: enforceNodeAllocatable: expected one of none, pods, system-reserved, kube-reserved, got a list",
        "featureGates: {A: 1}|3:15: featureGates: expected pairs such as Name=true, got fields",
        "featureGates: {A: true, A: false}|3:25: expected featureGates.A once, it is here a second time",
        "staticPodURL: ftp://a|3:1: staticPodURL: expected an http or https URL, got \"ftp://a\"",
        "staticPodPath: \"a\\0b\"|3:16: staticPodPath: expected a path, got \"a\\u0000b\"",
        "cgroupRoot: \"a\\0b\"|3:1: cgroupRoot: expected the name of a cgroup, got \"a\\u0000b\"",
        "systemCgroups: \"a\\nb\"|3:1: systemCgroups: expected a cgroupRoot (--cgroup-root) with it, got a\\u000ab",
        "kind: KubeletConfiguration|3:1: expected kind once, it is here a second time",
        "a: *b|3:4: expected YAML or JSON, found undefined alias b",
        "a: [|3:5: expected YAML or JSON, expected the node content, but found '<stream end>'",
        "---|3:1: expected YAML or JSON, but found another document",
      })
  void namesFileLineAndField(String fields, String problem) {
    var file = Given.file(folder, fields);
    assertRefused(file, file + ":" + problem);
  }

  @Test
  void namesTheLineOfASecondValue() {
    var file = Given.file(folder, "port: 1\nmaxPods: 2\nport: 3\n");
    assertRefused(file, file + ":5:1: expected port once, it is here a second time");
  }

  @Test
  void refusesTwoFieldsThatDoNotGoTogether() {
    var file = Given.file(folder, "\nreadOnlyPort: 10250\naddress: 127.0.0.1");
    assertRefused(
        file,
        file
            + ":4:1: readOnlyPort: expected a port of its own, 10250 is that of port (--port), got 10250");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "metadata: {name: a}, kind: Pod, apiVersion: v1|:1:46: apiVersion: expected kubelet.config.k8s.io/v1beta1, got \"v1\"",
        "kind: Pod, apiVersion: kubelet.config.k8s.io/v1beta1|:1:8: kind: expected KubeletConfiguration, got \"Pod\"",
        "kind: KubeletConfiguration, apiVersion: kubelet.config.k8s.io/v1|:1:42: apiVersion: expected kubelet.config.k8s.io/v1beta1, got \"kubelet.config.k8s.io/v1\"",
        "kind: KubeletConfiguration|: expected apiVersion: kubelet.config.k8s.io/v1beta1, found no apiVersion",
        "apiVersion: kubelet.config.k8s.io/v1beta1|: expected kind: KubeletConfiguration, found no kind",
      })
  void refusesAnotherKindBeforeItsFields(String fields, String problem) {
    var file = Given.write(folder, "{" + fields + "}");
    assertRefused(file, file + problem);
  }

  @Test
  void refusesFilesThatHoldNoConfiguration() throws IOException {
    var file = folder.resolve("kubelet.yaml");
    assertRefused(file, "--config: expected a KubeletConfiguration file, there is none at " + file);
    Files.writeString(file, "");
    assertRefused(file, file + ": expected a KubeletConfiguration, the file is empty");
    Files.writeString(file, "# a comment\n");
    assertRefused(file, file + ": expected a KubeletConfiguration, the file is empty");
    Files.writeString(file, "text");
    assertRefused(file, file + ":1:1: expected fields of a KubeletConfiguration, got \"text\"");
    Files.write(file, new byte[] {'a', (byte) 0xff});
    assertRefused(file, "--config: expected text in UTF-8, " + file + " is none");
    Files.writeString(file, "a\u0000b");
    assertThat(Ran.with("--config=" + file).err())
        .startsWith("jkubelet: " + file + ": expected YAML or JSON, special characters are not");
    Files.writeString(file, "[".repeat(100_000));
    assertThat(Ran.with("--config=" + file).err())
        .startsWith("jkubelet: " + file + ": expected YAML or JSON, Nesting Depth exceeded");
  }

  @Test
  void readsNoMoreThanAMebibyte() throws IOException {
    var file = folder.resolve("kubelet.yaml");
    Files.writeString(file, "#".repeat((1 << 20) + 1));
    assertRefused(file, "--config: expected a file of at most 1 MiB, " + file + " is larger");
    Files.writeString(file, Given.HEADER + "#".repeat((1 << 20) - Given.HEADER.length()));
    assertThatCode(() -> Given.options(file)).doesNotThrowAnyException();
    assertRefused(
        Path.of("/dev/zero"), "--config: expected a file of at most 1 MiB, /dev/zero is larger");
  }

  @Test
  void refusesAFolder() {
    assertRefused(folder, "--config: expected a readable file, " + folder + ": Is a directory");
  }

  @Test
  void readsJson() {
    var file =
        Given.write(
            folder,
            """
            {"kind": "KubeletConfiguration", "apiVersion": "kubelet.config.k8s.io/v1beta1",
             "maxPods": 7, "authentication": {"anonymous": {"enabled": true}}, "clusterDNS": null}
            """);
    assertThat(Given.options(file).node().resources().maxPods()).isEqualTo(7);
    assertThat(Given.options(file).server().auth().anonymous()).isTrue();
  }

  @Test
  void warnsOfFieldsWithoutEffectByTheirPlace() {
    var file = Given.file(folder, "maxPods: 7\noomScoreAdj: 0\nlogging: {format: json}\n");
    assertThat(Given.configuration(file).warnings())
        .containsExactly(
            file + ":4:1: oomScoreAdj is accepted but has no effect in jkubelet",
            file + ":5:11: logging.format is accepted but has no effect in jkubelet");
  }

  @Test
  void warnsOnceOfASettingInFileAndFlags() {
    var file = Given.file(folder, "oomScoreAdj: 0\n");
    assertThat(Given.configuration(file, "--oom-score-adj=1").warnings())
        .containsExactly("--oom-score-adj is accepted but has no effect in jkubelet");
  }

  @Test
  void refusesAFlagThatDoesNotGoWithTheFile() {
    var file = Given.file(folder, "healthzPort: 4000\n");
    assertThat(Ran.with("--config=" + file, "--cadvisor-port=4000").err())
        .isEqualTo(
            "jkubelet: --cadvisor-port: expected a port of its own, 4000 is that of "
                + file
                + ":3:1: healthzPort, got 4000\n");
  }

  @Property(tries = 300)
  void answersAnyFileInOneLine(@ForAll String text) throws IOException {
    var file = Files.createTempFile("any", ".yaml");
    try {
      Files.writeString(file, Given.HEADER + "staticPodURL: " + text.replaceAll("\\p{Cs}", ""));
      var ran = Ran.with("--config=" + file, "--port=4194");
      assertThat(ran.err()).startsWith("jkubelet: ").endsWith("\n");
      assertThat(ran.err().chars().filter(Character::isISOControl).count()).isEqualTo(1);
    } finally {
      Files.delete(file);
    }
  }
}
