package dev.jkubelet.node.gc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which dead containers the kubelet would keep. */
class DeadContainersTest {
  private static final Instant NOW = Instant.parse("2026-11-23T13:00:00Z");

  /** By pod, container and the minutes since each was made; {@code +} runs, {@code ?} was made. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, -1, a/x 3 2 +1, a/x3", // the one before is kept for its log
    "0, 1, -1, a/x 3 2 1, a/x3 a/x2", // the dead one that is the last is kept alone
    "0, 2, -1, a/x 4 3 2 +1, a/x4",
    "0, 0, -1, a/x 2 1, a/x2 a/x1",
    "0, -1, -1, a/x 4 3 2 1, ",
    "3, 0, -1, a/x 4 3 2 1, a/x4 a/x3", // the others are too young
    "3, 1, -1, a/x 4 3 2 1, a/x4", // and not counted
    "0, 1, -1, a/x 2 1 a/y 2 1 b/x 2 1, a/x2 a/y2 b/x2", // each for itself
    "0, 5, 4, a/x 9 8 7 6 a/y 2 1, a/x9 a/x8", // as many of each
    "0, 5, 1, a/x 9 8 a/y 7 6, a/x9 a/x8 a/y7", // and the oldest of these
    "0, 5, 0, a/x 9 8, a/x9 a/x8",
    "0, 0, -1, a/x ?2 ?1, a/x2", // the last may be about to start
  })
  void removes(int minAge, int perContainer, int total, String there, String removed) {
    var policy = new DeadContainers(Duration.ofMinutes(minAge), perContainer, total);

    assertThat(policy.toRemove(parsed(there), NOW).stream().map(ContainerSummary::id))
        .containsExactlyInAnyOrderElementsOf(
            removed == null ? List.of() : List.of(removed.split(" ", -1)));
  }

  @Test
  void leavesSandboxesAlone() {
    var sandbox = summary("a", "POD", 5, ContainerType.SANDBOX, ContainerState.EXITED);

    assertThat(new DeadContainers(Duration.ZERO, 0, 0).toRemove(List.of(sandbox), NOW)).isEmpty();
  }

  private static List<ContainerSummary> parsed(String there) {
    var name = new String[2];
    return Stream.of(there.split(" ", -1))
        .flatMap(
            word -> {
              if (word.contains("/")) {
                System.arraycopy(word.split("/", -1), 0, name, 0, 2);
                return Stream.empty();
              }
              var state =
                  switch (word.charAt(0)) {
                    case '+' -> ContainerState.RUNNING;
                    case '?' -> ContainerState.CREATED;
                    default -> ContainerState.EXITED;
                  };
              int age = Integer.parseInt(word.replaceAll("\\D", ""));
              return Stream.of(summary(name[0], name[1], age, ContainerType.CONTAINER, state));
            })
        .toList();
  }

  private static ContainerSummary summary(
      String pod, String name, int age, ContainerType type, ContainerState state) {
    return new ContainerSummary(
        pod + "/" + name + age,
        type,
        new PodKey("golden", pod, "uid-" + pod),
        name,
        10 - age,
        "box",
        state,
        NOW.minus(Duration.ofMinutes(age)));
  }
}
