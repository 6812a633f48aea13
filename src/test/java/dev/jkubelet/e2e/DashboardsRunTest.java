package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboards and rules of {@code conf/dashboards}, over what a real agent tells. */
class DashboardsRunTest extends AgentRun {
  private static final Path DASHBOARDS = Path.of("conf/dashboards");

  /** What the names that the kubelet and cAdvisor gave are complained of for. */
  private static final Pattern NAMES_OF_OTHERS =
      Pattern.compile(
          "cadvisor_version_info label names should be .*"
              + "|container_[a-z0-9_]+ label names should be .*"
              + "|span_processing_time_seconds label names should be .*"
              + "|kubelet_pleg_discard_events counter metrics should have .*"
              + "|container_memory_failcnt counter metrics should have .*"
              + "|container_fs_inodes_total non-counter metrics should not .*");

  /** A pod with a limit that is hit now and then, and one whose image nobody has. */
  private static final String BUSY =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: busy, namespace: default}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: busybox:1.36
          command: [sh, -c, "trap 'exit 0' TERM; while true; do for i in $(seq 2000); do :; done; sleep 1; done"]
          resources: {requests: {cpu: 20m, memory: 8Mi}, limits: {cpu: 50m, memory: 32Mi}}
      """;

  private static final String IMAGELESS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: imageless, namespace: default}
      spec:
        containers:
        - {name: main, image: "127.0.0.1:1/none:1"}
      """;

  @Test
  void everyQueryOfEveryDashboardAndRuleReturnsData() throws Exception {
    int kamon = Agent.freePort();
    agent.environment.put("JKUBELET_KAMON", "on");
    agent.environment.put("JKUBELET_KAMON_PORT", String.valueOf(kamon));
    agent.write("busy.yaml", BUSY);
    agent.write("imageless.yaml", IMAGELESS);
    agent.start("--authorization-mode=AlwaysAllow", "--anonymous-auth=true");

    try (var prometheus = new Prometheus(state, jobs(kamon))) {
      eventually("the pod runs", () -> Docker.all("k8s_main_busy").size() == 1);
      var missing = new ArrayList<>(queries());
      assertThat(missing).hasSizeGreaterThan(30);
      Eventually.holds(
          "data for every query",
          Duration.ofMinutes(2),
          () -> {
            missing.removeIf(query -> !prometheus.query(query).isEmpty());
            return missing.isEmpty();
          },
          () -> "no data for " + String.join("\n", missing));
    }

    for (var url :
        List.of(
            "https://127.0.0.1:" + agent.kubeletPort + "/metrics",
            "http://127.0.0.1:" + agent.readOnlyPort + "/metrics",
            "http://127.0.0.1:" + agent.readOnlyPort + "/metrics/cadvisor",
            "http://127.0.0.1:" + agent.readOnlyPort + "/metrics/resource",
            "http://127.0.0.1:" + agent.readOnlyPort + "/metrics/probes",
            "http://127.0.0.1:" + agent.cadvisorPort + "/metrics",
            "http://127.0.0.1:" + kamon + "/metrics")) {
      var text = agent.get(url).body();
      assertThat(text).as(url).contains("# TYPE");
      assertThat(
              Prometheus.promtool(text, "check", "metrics")
                  .lines()
                  .filter(line -> !NAMES_OF_OTHERS.matcher(line).matches()))
          .as(url)
          .isEmpty();
    }
  }

  private String jobs(int kamon) {
    return """
    - job_name: jkubelet
      static_configs: [{targets: ["127.0.0.1:%1$d"]}]
    - job_name: jkubelet-tls
      scheme: https
      tls_config: {insecure_skip_verify: true}
      static_configs: [{targets: ["127.0.0.1:%2$d"]}]
    - job_name: jkubelet-cadvisor
      metrics_path: /metrics/cadvisor
      static_configs: [{targets: ["127.0.0.1:%1$d"]}]
    - job_name: cadvisor
      static_configs: [{targets: ["127.0.0.1:%3$d"]}]
    - job_name: jkubelet-kamon
      static_configs: [{targets: ["127.0.0.1:%4$d"]}]
    """
        .formatted(agent.readOnlyPort, agent.kubeletPort, agent.cadvisorPort, kamon);
  }

  private static List<String> queries() throws IOException {
    var queries = new ArrayList<String>();
    for (var name : List.of("node", "pods", "agent")) {
      var board = new JsonMapper().readTree(Files.readString(DASHBOARDS.resolve(name + ".json")));
      for (var panel : board.get("panels")) {
        panel.get("targets").forEach(target -> queries.add(filled(target.get("expr").asText())));
      }
    }
    var rules = new YAMLMapper().readTree(Files.readString(DASHBOARDS.resolve("rules.yaml")));
    for (var group : rules.get("groups")) {
      group.get("rules").forEach(rule -> queries.add(asked(rule)));
    }
    // What the ports themselves have to tell.
    for (var job : List.of("jkubelet", "jkubelet-tls", "jkubelet-cadvisor", "cadvisor")) {
      queries.add("up{job=\"" + job + "\"} == 1");
    }
    return queries;
  }

  private static String filled(String query) {
    return query.replaceAll("\\$__rate_interval", "30s").replaceAll("\\$[a-z]+", ".*");
  }

  /** An alert is silent while all is well: what it compares has to be there. */
  private static String asked(JsonNode rule) {
    var query = rule.get("expr").asText();
    return rule.has("alert") ? query.replaceFirst(" (==|>) ", " $1 bool ") : query;
  }
}
