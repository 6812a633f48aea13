package dev.jkubelet.server.cadvisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a query of events asks for. */
class EventRequestTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          start_time      | yesterday           | a time such as 2026-11-23T13:00:00Z
          end_time        | 2026-11-23          | a time such as 2026-11-23T13:00:00Z
          max_events      | abc                 | a whole number such as 100
          max_events      | 1e3                 | a whole number such as 100
          max_events      | 99999999999         | a whole number such as 100
          all_events      | yes                 | true or false
          subcontainers   | ''                  | true or false
          creation_events | tRUE                | true or false
          oom_kill_events | 2                   | true or false
          stream          | on                  | true or false
          """)
  void refusesWhatItCantReadAndSaysWhatWasExpected(String name, String given, String expected) {
    assertThatThrownBy(() -> EventRequest.parse("/", Map.of(name, given)))
        .isInstanceOf(ApiError.class)
        .hasMessage(
            "failed to parse '%s' option: expected %s, got \"%s\"".formatted(name, expected, given))
        .extracting(error -> ((ApiError) error).status())
        .isEqualTo(400);
  }

  @Test
  void asksForNothingByDefaultAndTenAtMost() {
    assertThat(EventRequest.parse("/a", Map.of()))
        .isEqualTo(
            new EventRequest("/a", false, java.util.Set.of(), Instant.MIN, Instant.MAX, 10, false));
  }

  @Test
  void readsWhatGoReads() {
    var asked =
        EventRequest.parse(
            "/",
            Map.of(
                "all_events", "T",
                "deletion_events", "0",
                "subcontainers", "1",
                "stream", "True",
                "max_events", "-1",
                "start_time", "2026-11-23T14:00:00.5+01:00"));

    assertThat(asked.types())
        .containsExactly(
            ContainerEvent.Type.OOM, ContainerEvent.Type.OOM_KILL, ContainerEvent.Type.CREATED);
    assertThat(asked.below()).isTrue();
    assertThat(asked.stream()).isTrue();
    assertThat(asked.most()).isEqualTo(-1);
    assertThat(asked.start()).isEqualTo("2026-11-23T13:00:00.500Z");
  }
}
