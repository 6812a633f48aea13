package dev.jkubelet.node;

import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/**
 * Events lost, repeated and late, calls that fail or whose answers are lost, deaths at any time,
 * bugs, and restarts of engine and agent: whatever comes in whatever order, no name ever has two
 * live containers, restarts are counted one by one, and in the end the pod runs.
 */
class NeverTwoLiveContainersTest {
  /** A try does not repeat exactly: actors run on several threads. So there is no shrinking. */
  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void whateverHappens(@ForAll @Size(min = 4, max = 24) List<Mishap> mishaps, @ForAll long seed)
      throws IOException {
    try (var story = new StoryOfMishaps(seed)) {
      mishaps.forEach(story::meets);
      story.endsWell();
    }
  }
}
