package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What is measured, held against Docker's own figures and the kernel's files. */
class StatsRunTest extends AgentRun {
  private static final int BYTES = 40 << 20;
  private static final Percentage CLOSE = Percentage.withPercentage(5);
  private static final Pattern POD_IP = Pattern.compile("\"podIP\":\"([0-9.]+)\"");
  private static final Pattern SIZE = Pattern.compile("([0-9.]+)([kMG]i?)?B.*");

  /** Takes bytes into its memory, then burns what it may of a processor: a fifth. */
  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: busy}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: busybox:1.36
          command: [sh, -c, "nc -l -p 9000 > /dev/shm/bytes; while true; do :; done"]
          resources: {limits: {cpu: 200m, memory: 96Mi}}
      """;

  @Test
  void measuresWhatDockerAndTheKernelMeasure() throws IOException {
    agent.write("busy.yaml", MANIFEST);
    agent.start();
    eventually("the pod has an address", () -> podIp().isPresent());
    eventually("the bytes are taken", this::send);
    var id = onlyRunning("k8s_main_busy");
    eventually("the memory is seen", () -> sample(id, "container_memory_rss") >= 0);
    eventually("the bytes are in memory", () -> workingSet(id) >= BYTES);

    measuresProcessorTime(id);
    assertThat(workingSet(id)).isCloseTo(BYTES, CLOSE);
    assertThat(sample(id, "container_memory_usage_bytes"))
        .isCloseTo(kernel("memory", id, "memory.usage_in_bytes"), CLOSE);
    assertThat(workingSet(id)).isCloseTo(docker(id, "{{.MemUsage}}"), CLOSE);
    var box = onlyRunning("k8s_POD_busy");
    assertThat(sample(box, "container_network_receive_bytes_total"))
        .isGreaterThanOrEqualTo(BYTES)
        .isCloseTo(docker(box, "{{.NetIO}}"), CLOSE);
    assertThat(agent.get(readOnly("/stats/summary")).body())
        .contains("\"name\": \"busy-test-node\"")
        .contains("\"usedBytes\"");

    var before = counters();
    assertThat(before).hasSizeGreaterThan(100);
    agent.kill();
    agent.start();
    eventually("it is measured again", () -> cpu(id) > 0);
    eventually("all series are back", () -> counters().keySet().containsAll(before.keySet()));
    var after = counters();
    before.forEach(
        (series, value) -> assertThat(after.get(series)).as(series).isGreaterThanOrEqualTo(value));

    double burnt = cpu(id);
    Docker.run("kill", "-s", "KILL", id);
    eventually(
        "another runs",
        () -> Docker.running("k8s_main_busy").stream().anyMatch(n -> !n.equals(id)));
    var next = onlyRunning("k8s_main_busy");
    eventually("the new one is measured", () -> cpu(next) > 0);
    assertThat(cpu(next)).isLessThan(burnt);
    eventually("the old one is not", () -> cpu(id) < 0);
  }

  /** What was measured once, and what the kernel counted a little before and after, in seconds. */
  private record Bracketed(double before, double measured, double after) {}

  private void measuresProcessorTime(String id) {
    var first = nextSample(id);
    eventually("it burns three seconds", () -> cpu(id) > first.measured() + 3);
    var second = nextSample(id);

    for (var sample : List.of(first, second)) {
      assertThat(sample.measured()).isBetween(sample.before(), sample.after());
    }
    assertThat(second.measured() - first.measured())
        .isBetween(
            0.95 * (second.before() - first.after()), 1.05 * (second.after() - first.before()));
  }

  /** Tells when a new sample is to be seen; it may have been taken before the look before that. */
  private Bracketed nextSample(String id) {
    double known = cpu(id);
    var looks = new ArrayDeque<>(List.of(kernelCpu(id)));
    eventually(
        "it is measured again",
        () -> {
          looks.addLast(kernelCpu(id));
          if (looks.size() > 3) {
            looks.removeFirst();
          }
          return cpu(id) > known;
        });
    double measured = cpu(id);
    return new Bracketed(looks.getFirst(), measured, kernelCpu(id));
  }

  private static double kernelCpu(String id) {
    return kernel("cpuacct", id, "cpuacct.usage") / 1e9;
  }

  /** Every container's and the machine's counters, by name and labels. */
  private Map<String, Double> counters() {
    return agent
        .get(readOnly("/metrics/cadvisor"))
        .body()
        .lines()
        .filter(line -> line.matches("container_[a-z_]+_total\\{.*"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf("} ")),
                line ->
                    Double.parseDouble(line.substring(line.indexOf("} ") + 2).split(" ", -1)[0])));
  }

  private Optional<String> podIp() {
    return POD_IP.matcher(agent.pods()).results().map(match -> match.group(1)).findFirst();
  }

  private boolean send() {
    try (var socket = new Socket(podIp().orElseThrow(), 9000)) {
      socket.getOutputStream().write(new byte[BYTES]);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static String onlyRunning(String part) {
    return Docker.running(part).getFirst();
  }

  private String readOnly(String path) {
    return "http://127.0.0.1:" + agent.readOnlyPort + path;
  }

  private double cpu(String id) {
    return sample(id, "container_cpu_usage_seconds_total");
  }

  private double workingSet(String id) {
    return sample(id, "container_memory_working_set_bytes");
  }

  /** The container's sample of that name; -1 when there is none. */
  private double sample(String id, String name) {
    try {
      return agent
          .get(readOnly("/metrics/cadvisor"))
          .body()
          .lines()
          .filter(line -> line.startsWith(name + "{") && line.contains("/" + id + "\""))
          .mapToDouble(
              line -> Double.parseDouble(line.substring(line.indexOf("} ") + 2).split(" ", -1)[0]))
          .findFirst()
          .orElse(-1);
    } catch (UncheckedIOException _) {
      return -1;
    }
  }

  private static double kernel(String controller, String id, String file) {
    try (Stream<Path> folders =
        Files.find(
            Path.of("/sys/fs/cgroup", controller, "kubepods"), 3, (path, _) -> path.endsWith(id))) {
      var folder = folders.findFirst().orElseThrow();
      return Double.parseDouble(Files.readString(folder.resolve(file)).strip());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The first number of one of Docker's figures, {@code 20.5MiB / 64MiB}, in bytes. */
  private static double docker(String id, String format) {
    var text = Docker.run("stats", "--no-stream", "--format", format, id).getFirst();
    var match = SIZE.matcher(text);
    assertThat(match.matches()).as(text).isTrue();
    var unit = match.group(2) == null ? "" : match.group(2);
    int step = unit.endsWith("i") ? 1024 : 1000;
    int power = unit.isEmpty() ? 0 : "kMG".indexOf(unit.charAt(0)) + 1;
    return new BigDecimal(match.group(1)).doubleValue() * Math.pow(step, power);
  }
}
