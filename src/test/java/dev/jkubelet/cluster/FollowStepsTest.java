package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.FollowSteps.Outcome;
import dev.jkubelet.cluster.FollowSteps.Step;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FollowStepsTest {
  private static final FollowSteps WATCHING = new FollowSteps(new Step.Watch("5"), 0);

  private static ApiFailure failure(int code) {
    return new ApiFailure(code, "", "", Duration.ZERO, null);
  }

  private static Outcome.Failed failed(int code, boolean worked) {
    return new Outcome.Failed(failure(code), "7", worked);
  }

  @Test
  void listsWhateverTheServerHasAndWatchesFromThere() {
    assertThat(FollowSteps.FIRST.next()).isEqualTo(new Step.ListAll("0"));
    assertThat(FollowSteps.FIRST.after(new Outcome.Listed("5"))).isEqualTo(WATCHING);
  }

  @Test
  void watchesOnWhereAWatchEnded() {
    var ended = new Outcome.Ended("9", 4, Duration.ofMinutes(6));
    assertThat(WATCHING.after(ended)).isEqualTo(new FollowSteps(new Step.Watch("9"), 0));
  }

  @Test
  void aWatchThatEndsAtOnceDoesNotWork() {
    var ended = new Outcome.Ended("5", 0, Duration.ofMillis(10));
    assertThat(WATCHING.after(ended)).isEqualTo(new FollowSteps(new Step.Watch("5"), 1));
  }

  @Test
  void aBrokenConnectionNeedsNoNewList() {
    assertThat(WATCHING.after(failed(0, false))).isEqualTo(new FollowSteps(new Step.Watch("7"), 1));
    assertThat(WATCHING.after(failed(500, false)).after(failed(429, false)))
        .isEqualTo(new FollowSteps(new Step.Watch("7"), 2));
  }

  @Test
  void aWatchThatWorkedForAWhileBeginsTheDelaysAnew() {
    var often = new FollowSteps(new Step.Watch("5"), 6);
    assertThat(often.after(failed(0, true)).failures()).isEqualTo(1);
  }

  @Test
  void historyThatIsGoneIsListedAgainAtOnceAndNoOlderThanWhatWasSeen() {
    var again = new FollowSteps(new Step.ListAll("7"), 0);
    assertThat(WATCHING.after(failed(410, true))).isEqualTo(again);
    assertThat(WATCHING.after(new Outcome.Told(failure(410), "7"))).isEqualTo(again);
  }

  @Test
  void aListThatIsGoneOrAheadOfTheServerIsAskedOfTheStore() {
    var list = new FollowSteps(new Step.ListAll("7"), 0);
    assertThat(list.after(failed(410, false))).isEqualTo(new FollowSteps(new Step.ListAll(""), 0));
    assertThat(list.after(failed(504, false))).isEqualTo(new FollowSteps(new Step.ListAll(""), 1));
    assertThat(list.after(failed(500, false))).isEqualTo(new FollowSteps(new Step.ListAll("7"), 1));
  }

  @Test
  void anErrorInsideAWatchIsNotWatchedOver() {
    assertThat(WATCHING.after(new Outcome.Told(failure(500), "7")))
        .isEqualTo(new FollowSteps(new Step.ListAll("7"), 1));
  }

  @Test
  void delaysDoubleFromLessThanTwoSecondsToHalfAMinute() {
    var longest =
        IntStream.range(0, 8)
            .mapToObj(failures -> new FollowSteps(new Step.Watch("5"), failures).delay(() -> 1))
            .map(Duration::toMillis);
    assertThat(longest).containsExactly(0L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L, 30000L);
    var shortest = new FollowSteps(new Step.Watch("5"), 1).delay(() -> 0);
    assertThat(shortest).isEqualTo(Duration.ofMillis(800));
    assertThat(new FollowSteps(new Step.Watch("5"), 1000).delay(() -> 0))
        .isEqualTo(Duration.ofSeconds(15));
  }
}
