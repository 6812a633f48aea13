package dev.jkubelet.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StorageLimitsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                | 2000 | 0   | 0    | false | Usage of EmptyDir volume "cache" exceeds the limit "1Ki".
                | 1024 | 0   | 0    | false |
           1Ki  | 0    | 900 | 900  | false | Pod ephemeral local storage usage exceeds the total limit of containers 1Ki.
           1Ki  | 0    | 900 | 900  | true  |
           1Ki  | 500  | 500 | 500  | false | Pod ephemeral local storage usage exceeds the total limit of containers 1Ki.
          """)
  void endThePodThatIsBeyondThem(
      String limit, long volume, long layer, long logs, boolean ownImageDisk, String message) {
    var pod =
        FakeMachine.pod(
            "web",
            "uid-web",
            """
            {volumes: [{name: cache, emptyDir: {sizeLimit: 1Ki}}],
             containers: [{name: main, resources: {limits: {%s}}}]}
            """
                .formatted(limit == null ? "" : "ephemeral-storage: " + limit));
    assertThat(
            StorageLimits.exceeded(pod, EvictionRankingTest.disk(layer, logs, volume), ownImageDisk)
                .map(String::strip))
        .isEqualTo(Optional.ofNullable(message));
  }

  @ParameterizedTest
  @CsvSource({"false, true", "true, false"})
  void endAPodWhoseContainerIsBeyondItsOwn(boolean ownImageDisk, boolean ended) {
    var pod =
        FakeMachine.pod(
            "web",
            "uid-web",
            """
            {containers: [{name: main, resources: {limits: {ephemeral-storage: 1Ki}}}, {name: other}]}
            """);
    assertThat(StorageLimits.exceeded(pod, EvictionRankingTest.disk(2000, 0, 0), ownImageDisk))
        .isEqualTo(
            ended
                ? Optional.of("Container main exceeded its local ephemeral storage limit \"1Ki\". ")
                : Optional.empty());
  }
}
