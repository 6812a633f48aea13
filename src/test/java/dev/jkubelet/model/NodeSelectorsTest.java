package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSelectorsTest {
  private static final Map<String, String> LABELS = Map.of("disk", "ssd", "cores", "8");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {key: disk, operator: In, values: [hdd, ssd]}    | true
          {key: disk, operator: In, values: [hdd]}         | false
          {key: gpu, operator: In, values: [a]}            | false
          {key: disk, operator: In, values: []}            | false
          {key: disk, operator: NotIn, values: [hdd]}      | true
          {key: disk, operator: NotIn, values: [ssd]}      | false
          {key: gpu, operator: NotIn, values: [a]}         | true
          {key: disk, operator: NotIn, values: []}         | false
          {key: disk, operator: Exists}                    | true
          {key: gpu, operator: Exists}                     | false
          {key: gpu, operator: DoesNotExist}               | true
          {key: disk, operator: DoesNotExist}              | false
          {key: cores, operator: Gt, values: ['7']}        | true
          {key: cores, operator: Gt, values: ['8']}        | false
          {key: cores, operator: Lt, values: ['9']}        | true
          {key: cores, operator: Lt, values: ['8']}        | false
          {key: cores, operator: Gt, values: [few]}        | false
          {key: cores, operator: Gt, values: ['1', '2']}   | false
          {key: disk, operator: Gt, values: ['1']}         | false
          {key: gpu, operator: Lt, values: ['1']}          | false
          {key: disk, operator: Near, values: [ssd]}       | false
          """)
  void compareLabels(String expression, boolean expected) {
    assertThat(matches(term("matchExpressions: [" + expression + "]"))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {key: metadata.name, operator: In, values: [node1]}        | true
          {key: metadata.name, operator: In, values: [node2]}        | false
          {key: metadata.name, operator: NotIn, values: [node2]}     | true
          {key: metadata.name, operator: NotIn, values: [node1]}     | false
          {key: metadata.name, operator: In, values: [node1, node2]} | false
          {key: spec.other, operator: In, values: [node1]}           | false
          {key: metadata.name, operator: Exists}                     | false
          """)
  void compareTheName(String field, boolean expected) {
    assertThat(matches(term("matchFields: [" + field + "]"))).isEqualTo(expected);
  }

  @Test
  void wantOneTermAndAllOfIt() {
    var ssd = "{matchExpressions: [{key: disk, operator: Exists}]}";
    var gpu = "{matchExpressions: [{key: gpu, operator: Exists}]}";
    var both = "{matchExpressions: [{key: disk, operator: Exists}, {key: gpu, operator: Exists}]}";

    assertThat(matches(affinity(gpu + ", " + ssd))).isTrue();
    assertThat(matches(affinity(gpu + ", " + both))).isFalse();
    assertThat(matches(affinity("{}"))).isFalse();
    assertThat(matches(affinity(""))).isFalse();
  }

  @Test
  void wantTheSelectorToo() {
    assertThat(matches("{nodeSelector: {disk: ssd, cores: '8'}}")).isTrue();
    assertThat(matches("{nodeSelector: {disk: ssd, cores: '9'}}")).isFalse();
    assertThat(matches("{}")).isTrue();
  }

  private static String term(String term) {
    return affinity("{" + term + "}");
  }

  private static String affinity(String terms) {
    return "{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
        + " {nodeSelectorTerms: ["
        + terms
        + "]}}}}";
  }

  private static boolean matches(String spec) {
    try {
      var pod = new YAMLMapper().readValue("spec: " + spec, Pod.class);
      return NodeSelectors.match(pod, "node1", LABELS);
    } catch (JsonProcessingException bad) {
      throw new IllegalArgumentException(spec, bad);
    }
  }
}
