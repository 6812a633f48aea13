package dev.jkubelet.node.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.OomKill;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemOomTest {
  private final List<String> events = new ArrayList<>();
  private final SystemOom watch =
      new SystemOom((type, reason, message) -> events.add(type + " " + reason + " " + message));

  @Test
  void tellsOfTheEndOfTheMachinesMemoryNotOfAPods() {
    watch.accept(new OomKill("/kubepods/pod1", "/kubepods/pod1/c0ffee", "tail", 1));
    watch.accept(new OomKill("/", "/", "stress", 4711));

    assertThat(events)
        .containsExactly(
            "Warning SystemOOM System OOM encountered, victim process: stress, pid: 4711");
  }
}
