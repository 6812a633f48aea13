package dev.jkubelet.server.cadvisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same numbers in, the same bytes out as cAdvisor 0.38 answered, field by field in order. */
class RestApiTest {
  private static final MachineFacts NO_MACHINE = new MachineFacts(null, "6.1", "Debian", () -> "");

  @ParameterizedTest
  @ValueSource(strings = {"v1.3-docker-id", "v2.1-stats-docker", "v2.1-stats-golden"})
  void containersByNameAreAsRecorded(String name) {
    var recorded = RecordedNode.exchange(name);
    var path = recorded.json().fieldNames().next();
    var node = RecordedNode.of(RecordedNode.record(path, recorded.json().get(path)));

    assertThat(withoutRates(answer(node, recorded.target(), "")))
        .isEqualTo(withoutRates(recorded.json().toString()));
  }

  /** Go takes the time between two readings from another clock than their times. */
  private static String withoutRates(String json) {
    return json.replaceAll("\"cpu_inst\":\\{\"usage\":\\{[^}]*}}", "");
  }

  @Test
  void aSpecIsAsRecorded() {
    var recorded = RecordedNode.exchange("v2.1-spec-docker");
    var path = recorded.json().fieldNames().next();
    var stats = RecordedNode.exchange("v2.1-stats-docker").json().get(path);
    ((ObjectNode) stats).set("spec", recorded.json().get(path));

    assertThat(answer(RecordedNode.of(RecordedNode.record(path, stats)), recorded.target(), ""))
        .isEqualTo(recorded.json().toString());
  }

  @Test
  void aGroupWithItsSubcontainersIsAsRecorded() {
    var recorded = RecordedNode.exchange("v1.3-containers-golden");
    var info = recorded.json();
    var child = info.at("/subcontainers/0/name").asText();
    var node =
        RecordedNode.of(
            RecordedNode.record(info.get("name").asText(), info), RecordedNode.record(child, info));

    assertThat(answer(node, recorded.target(), "")).isEqualTo(info.toString());
  }

  @Test
  void theMachinesReadingsAreAsRecorded() {
    var recorded = RecordedNode.exchange("v2.1-machinestats").json();
    var info = ((ObjectNode) RecordedNode.json("{\"spec\":{}}")).set("stats", recorded);
    ((ObjectNode) info)
        .set("spec", RecordedNode.exchange("v2.1-stats-golden").json().get("/golden").get("spec"));

    var answered =
        answer(RecordedNode.of(RecordedNode.record("/", info)), "/api/v2.1/machinestats", "");

    assertThat(withoutRates(answered)).isEqualTo(withoutRates(recorded.toString()));
    assertThat(RecordedNode.json(answered).at("/1/cpu_inst/usage/total").asDouble())
        .isCloseTo(recorded.at("/1/cpu_inst/usage/total").asDouble(), withPercentage(0.001));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api-v1.0",
        "api-v1.3",
        "api-v2.1",
        "api-bad-version",
        "v1.3-unknown-type",
        "v1.3-containers-unknown",
        "v1.3-docker-unknown",
        "v2.1-stats-bad-count",
        "v2.1-stats-bad-type",
        "v2.1-stats-unknown",
        "v2.1-stats-docker-unknown",
        "v2.1-storage-bad",
        "v2.1-unknown-type"
      })
  void errorsAreWordedAsRecorded(String name) {
    var recorded = RecordedNode.exchange(name);

    assertThatThrownBy(() -> answer(node(), recorded.target(), ""))
        .isInstanceOf(ApiError.class)
        .hasMessage(recorded.body().stripTrailing())
        .extracting(error -> ((ApiError) error).status())
        .isEqualTo(recorded.status());
  }

  @Test
  void aBodyChoosesHowManyReadingsAndWhen() {
    var one = "/golden/kubepods/burstable";

    assertThat(stats(one, "")).isEqualTo(2);
    assertThat(stats(one, "{\"num_stats\":1}")).isEqualTo(1);
    assertThat(stats(one, "{\"num_stats\":-1}")).isEqualTo(2);
    assertThat(stats(one, "{\"start\":\"2026-11-23T13:22:19Z\"}")).isEqualTo(1);
    assertThat(stats(one, "{\"end\":\"2026-11-23T13:22:18Z\"}")).isZero();
    for (var wrong : List.of("{oo}", "[]", "{\"num_stats\":\"two\"}", "{\"start\":\"now\"}")) {
      assertThatThrownBy(() -> stats(one, wrong))
          .hasMessageStartingWith("unable to decode the json value: ");
    }
  }

  @Test
  void theMachineIsNoContainerInStatsButHasASpecAndASummary() {
    assertThat(answer(node(), "/api/v2.1/stats", "")).isEqualTo("{}");
    assertThat(json(node(), "/api/v2.1/spec").has("/")).isTrue();
    assertThat(json(node(), "/api/v2.1/summary").at("/~1/latest_usage/cpu").asLong()).isPositive();
    assertThat(answer(node(), "/api/v2.1/appmetrics", "")).isEqualTo("{\"/\":{}}");
    assertThat(answer(node(), "/api/v2.1/version", "")).isEqualTo("\"" + RestApi.VERSION + "\"");
  }

  @Test
  void recursionTakesWhatIsBelow() {
    assertThat(json(node(), "/api/v2.1/spec/?recursive=true")).hasSize(2);
    assertThat(json(node(), "/api/v1.3/subcontainers/golden")).hasSize(1);
    assertThat(json(node(), "/api/v1.3/subcontainers/")).hasSize(2);
    assertThat(json(node(), "/api/v1.3/docker")).isEmpty();
  }

  @Test
  void percentilesLieBetweenTheirNeighbours() {
    assertThat(SummaryJson.percentile(new long[] {}, 0.9)).isZero();
    assertThat(SummaryJson.percentile(new long[] {7}, 0.9)).isEqualTo(7);
    assertThat(SummaryJson.percentile(new long[] {0, 10}, 0.5)).isEqualTo(5);
    assertThat(SummaryJson.percentile(new long[] {0, 1, 2, 3, 100}, 0.95)).isEqualTo(80);
  }

  private static int stats(String container, String body) {
    return RecordedNode.json(answer(node(), "/api/v1.3/containers" + container, body))
        .path("stats")
        .size();
  }

  private static JsonNode json(NodeSnapshot node, String target) {
    return RecordedNode.json(answer(node, target, ""));
  }

  private static String answer(NodeSnapshot node, String target, String body) {
    var api = new RestApi(RecordedNode.still(node), new ContainerEvents(Clock.systemUTC()));
    var parts = target.split("\\?", 2);
    return api.answer(
            new RestApi.Request(
                parts[0],
                query(parts.length > 1 ? parts[1] : ""),
                ByteString.fromString(body),
                NO_MACHINE))
        .utf8String();
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (var pair : raw.split("&", -1)) {
      var parts = pair.split("=", 2);
      if (parts.length == 2) {
        query.put(parts[0], parts[1]);
      }
    }
    return query;
  }

  /** The machine and one group. */
  private static NodeSnapshot node() {
    var info = RecordedNode.exchange("v1.3-containers-golden").json();
    ContainerRecord machine = RecordedNode.record("/", info);
    return RecordedNode.of(machine, RecordedNode.record(info.get("name").asText(), info));
  }
}
