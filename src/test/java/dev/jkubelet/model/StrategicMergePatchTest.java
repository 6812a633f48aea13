package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What client-go's two-way strategic merge patch makes of the same two objects. */
class StrategicMergePatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StrategicMergePatch PATCH =
      new StrategicMergePatch(Map.of("conditions", "type"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1,"b":"x"}          | {"a":1,"b":"x"}             | {}
          {"a":1}                  | {"a":2,"b":"x"}             | {"a":2,"b":"x"}
          {"a":1,"b":"x"}          | {"a":1}                     | {"b":null}
          {"a":{"b":1,"c":2}}      | {"a":{"b":1,"c":3}}         | {"a":{"c":3}}
          {"a":[1,2]}              | {"a":[2]}                   | {"a":[2]}
          {"a":"","b":{},"c":null} | {"d":[]}                    | {}
          {"a":[{"b":{}}]}         | {"a":[{"c":""}]}            | {}
          {}                       | {"conditions":[{"type":"A","status":"True"}]} | {"conditions":[{"type":"A","status":"True"}]}
          {"conditions":[{"type":"A","status":"True"}]} | {} | {"conditions":null}
          {"conditions":[{"type":"A","status":"True","reason":"R"},{"type":"B","status":"True"}]} | {"conditions":[{"type":"A","status":"False"},{"type":"B","status":"True"}]} | {"$setElementOrder/conditions":[{"type":"A"},{"type":"B"}],"conditions":[{"status":"False","reason":null,"type":"A"}]}
          {"conditions":[{"type":"A","status":"True"},{"type":"B","status":"True"}]} | {"conditions":[{"type":"B","status":"True"}]} | {"$setElementOrder/conditions":[{"type":"B"}],"conditions":[{"$patch":"delete","type":"A"}]}
          {"conditions":[{"type":"A"}]} | {"conditions":[{"type":"B","status":"True"},{"type":"A"}]} | {"$setElementOrder/conditions":[{"type":"B"},{"type":"A"}],"conditions":[{"type":"B","status":"True"}]}
          {"conditions":[{"type":"A"},{"type":"B"}]} | {"conditions":[{"type":"B"},{"type":"A"}]} | {}
          """)
  void tellsWhatIsDifferent(String before, String after, String patch) throws Exception {
    assertThat(PATCH.between(JSON.readTree(before), JSON.readTree(after)))
        .isEqualTo(JSON.readTree(patch));
  }
}
