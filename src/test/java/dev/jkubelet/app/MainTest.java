package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--port=0|--port: expected a whole number, 1 to 65535, got \"0\"",
        "--port=70000|--port: expected a whole number, 1 to 65535, got \"70000\"",
        "--port=ten|--port: expected a whole number, 1 to 65535, got \"ten\"",
        "--read-only-port=-1|--read-only-port: expected a whole number, 0 to 65535, got \"-1\"",
        "--max-pods=99999999999|--max-pods: expected a whole number, 0 or more, got"
            + " \"99999999999\"",
        "--sync-frequency=5|--sync-frequency: expected a duration such as 90s or 1h30m, 1ms or"
            + " more, got \"5\"",
        "--sync-frequency=0|--sync-frequency: expected a duration such as 90s or 1h30m, 1ms or"
            + " more, got \"0\"",
        "--cpu-cfs-quota-period=2s|--cpu-cfs-quota-period: expected a duration such as 90s or"
            + " 1h30m, 1us to 1s, got \"2s\"",
        "--container-log-max-size=-1|--container-log-max-size: expected a size such as 10Mi, got"
            + " \"-1\"",
        "--address=localhost|--address: expected an IP address, got \"localhost\"",
        "--address=1.2.3.256|--address: expected an IP address, got \"1.2.3.256\"",
        "--address=01.2.3.4|--address: expected an IP address, got \"01.2.3.4\"",
        "--cluster-dns=10.0.0.1,x|--cluster-dns: expected a list of IP addresses, got"
            + " \"10.0.0.1,x\"",
        "--node-ip=x|--node-ip: expected one IP address, or two for dual stack, got \"x\"",
        "--node-ip=10.0.0.1,10.0.0.2,10.0.0.3|--node-ip: expected one address, or two for dual"
            + " stack, got \"10.0.0.1,10.0.0.2,10.0.0.3\"",
        "--cgroup-driver=croup|--cgroup-driver: expected one of cgroupfs, systemd, got \"croup\"",
        "--authorization-mode=RBAC|--authorization-mode: expected one of AlwaysAllow, Webhook, got"
            + " \"RBAC\"",
        "--anonymous-auth=maybe|--anonymous-auth: expected true or false, got \"maybe\"",
        "--manifest-url-header=a|--manifest-url-header: expected headers such as Name:value, got"
            + " \"a\"",
        "--feature-gates=A|--feature-gates: expected pairs such as Name=true, got \"A\"",
        "--feature-gates=A=x|--feature-gates: expected pairs such as Name=true, got \"A=x\"",
        "--eviction-hard=a|--eviction-hard: expected thresholds such as memory.available<100Mi, got"
            + " \"a\"",
        "--chaos-chance=1e999|--chaos-chance: expected a number, got \"1e999\"",
        "--version=maybe|--version: expected true, false or raw, got \"maybe\"",
        "--manifest-url=file:///x|--manifest-url: expected an http or https URL, got \"file:///x\"",
        "--manifest-url=a b|--manifest-url: expected an http or https URL, got \"a b\"",
        "--docker-endpoint=unix://var/run/docker.sock|--docker-endpoint: expected unix:///path or"
            + " tcp://host:port, got \"unix://var/run/docker.sock\"",
        "--docker-endpoint=tcp://engine|--docker-endpoint: expected unix:///path or"
            + " tcp://host:port, got \"tcp://engine\"",
        "--docker-endpoint=/run/docker.sock|--docker-endpoint: expected unix:///path or"
            + " tcp://host:port, got \"/run/docker.sock\"",
        "--hostname-override=a_b|--hostname-override: expected a DNS-1123 name, got \"a_b\"",
        "--root-dir=|--root-dir: expected the path of a folder, got \"\"",
        "--tls-cert-file=/c|--tls-cert-file: expected a tlsPrivateKeyFile (--tls-private-key-file)"
            + " with it, got \"\"",
        "--tls-private-key-file=/k|--tls-private-key-file: expected a tlsCertFile (--tls-cert-file)"
            + " with it, got \"\"",
        "--read-only-port=10248|healthzPort (--healthz-port): expected a port of its own, 10248 is"
            + " that of --read-only-port, got 10248",
        "--cgroups-per-qos=false|--cgroups-per-qos: expected true unless enforceNodeAllocatable"
            + " (--enforce-node-allocatable) is empty, got false",
        "--enforce-node-allocatable=none,pods|--enforce-node-allocatable: expected none to stand"
            + " alone, got [none, pods]",
        "--enforce-node-allocatable=kube-reserved|--enforce-node-allocatable: expected a"
            + " kubeReservedCgroup (--kube-reserved-cgroup) with it, got [kube-reserved]",
        "--image-gc-low-threshold=90|--image-gc-low-threshold: expected less than"
            + " imageGCHighThresholdPercent (--image-gc-high-threshold), which is 85, got 90",
        "--no-such-flag|unknown flag --no-such-flag: expected one of those that --help lists",
      })
  void refusesABadValueInOneLine(String arg, String message) {
    assertThat(Ran.with(arg)).isEqualTo(new Ran(1, "", "jkubelet: " + message + "\n"));
  }

  @Test
  void keepsLongAndBrokenValuesOnOneLine() {
    var ran = Ran.with("--port=" + "9\n".repeat(100_000));
    assertThat(ran.err())
        .isEqualTo(
            "jkubelet: --port: expected a whole number, 1 to 65535, got \""
                + "9\\u000a".repeat(50)
                + "...\"\n");
  }

  @Test
  void namesAPortThatIsTaken(@TempDir Path folder) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var ran =
          Ran.with(
              "--healthz-port=" + taken.getLocalPort(),
              "--read-only-port=0",
              "--cadvisor-port=0",
              "--enable-server=false",
              "--root-dir=" + folder.resolve("root"),
              "--cert-dir=" + folder.resolve("pki"),
              "--docker-endpoint=unix://" + folder.resolve("none.sock"),
              "--cgroups-per-qos=false",
              "--enforce-node-allocatable=");
      assertThat(ran.exit()).isEqualTo(1);
      assertThat(ran.err())
          .isEqualTo(
              "jkubelet: --healthz-port %1$d: expected a free address, but 127.0.0.1:%1$d can't be bound: Address already in use\n"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void namesACgroupRootThatDoesNotExist(@TempDir Path folder) {
    var ran =
        Ran.with(
            "--cgroup-root=/no-such-cgroup",
            "--root-dir=" + folder.resolve("root"),
            "--docker-endpoint=unix://" + folder.resolve("none.sock"));
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith(
            "jkubelet: --cgroup-root: expected an existing cgroup, got \"/no-such-cgroup\": there"
                + " is no /sys/fs/cgroup/")
        .hasLineCount(1);
  }

  @Test
  void printsHelpWithDefaultsAndNothingElse() {
    var ran = Ran.with("--port=1", "-h");
    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .startsWith("A Kubernetes node agent")
        .contains("--port=<number>", "[default: 10250; field: port]", "[default: 4194]")
        .contains("--cgroup-driver=<cgroupfs|systemd>", "--streaming-connection-idle-timeout=<")
        .contains("jkubelet's own flag");
    assertThat(ran.out().lines()).allMatch(line -> line.length() <= 120);
  }

  @Test
  void namesEveryFlagAndFieldInHelp() {
    var words = Ran.with("--help").out().split("[^A-Za-z0-9.-]+", -1);
    assertThat(words)
        .contains(
            Given.CATALOGUE.settings().stream()
                .filter(setting -> !setting.flag().isEmpty())
                .map(setting -> (Given.CATALOGUE.inEffect(setting) ? "--" : "") + setting.flag())
                .toArray(String[]::new))
        .contains(
            Given.CATALOGUE.settings().stream()
                .filter(setting -> setting.flag().isEmpty() || Given.CATALOGUE.inEffect(setting))
                .map(Setting::field)
                .filter(field -> !field.isEmpty())
                .toArray(String[]::new));
  }

  @Test
  void printsTheVersionOfTheKubeletAndItsOwn() {
    var ran = Ran.with("--version");
    assertThat(ran).isEqualTo(new Ran(0, ran.out(), ""));
    assertThat(ran.out()).matches("Kubernetes v1\\.20\\.2 \\(jkubelet [^)\\n]+\\)\\n");
    assertThat(Ran.with("--version=raw").out()).isEqualTo(ran.out());
  }

  @Test
  void loadsTheSampleWithoutAWarning() {
    var configuration = Given.configuration(Path.of("conf/kubelet.yaml"));
    assertThat(configuration.warnings()).isEmpty();
    var options = OptionsMapping.map(configuration);
    assertThat(options.sources().manifestPath()).contains(Path.of("/etc/kubernetes/manifests"));
    assertThat(options.server().readOnly().orElseThrow()).hasToString("/127.0.0.1:10255");
    assertThat(options.server().auth().anonymous()).isFalse();
  }

  @Test
  void understandsTheFlagsOfTheSystemdUnit() throws IOException {
    var command =
        Files.readAllLines(Path.of("conf/jkubelet.service")).stream()
            .filter(line -> line.startsWith("ExecStart="))
            .findFirst()
            .orElseThrow()
            .substring("ExecStart=".length())
            .replace("/opt/jkubelet", Path.of("").toAbsolutePath().toString())
            .split(" ", -1);
    assertThat(Path.of(command[0])).isExecutable();
    var flags = Arrays.copyOfRange(command, 1, command.length);
    assertThat(Given.configuration(flags).warnings()).isEmpty();
    assertThat(Given.options(flags).node().resources().maxPods()).isEqualTo(110);
  }

  @ParameterizedTest
  @CsvSource({"-1,INFO", "0,INFO", "3,INFO", "4,DEBUG", "5,DEBUG", "6,TRACE", "10,TRACE"})
  void turnsVerbosityIntoALevel(int verbosity, String level) {
    assertThat(Logging.level(verbosity)).hasToString(level);
  }
}
