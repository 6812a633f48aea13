package dev.jkubelet.node.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.event.EventCorrelator.Outcome;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** client-go's numbers: 10 similar in 10 minutes, 25 at once and one more every 5 minutes. */
class EventCorrelatorTest {
  private Instant now = Instant.parse("2026-11-23T12:00:00.5Z");
  private final EventCorrelator correlator =
      new EventCorrelator(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              throw new UnsupportedOperationException();
            }
          });

  @Test
  void theSameEventAgainIsCounted() {
    assertThat(correlator.correlate(event("pod", "Pulled", "x")))
        .isInstanceOf(Outcome.Create.class);
    now = now.plusSeconds(7);
    var again = (Outcome.Count) correlator.correlate(event("pod", "Pulled", "x"));
    assertThat(again.patch())
        .isEqualTo("{\"count\":2,\"lastTimestamp\":\"2026-11-23T12:00:07Z\",\"message\":\"x\"}");
    assertThat(again.event().getMetadata().getName()).isEqualTo("pod.2026-11-23T12:00:00.500Z");
    assertThat(again.event().getFirstTimestamp()).isEqualTo("2026-11-23T12:00:00Z");
    assertThat(correlator.correlate(event("pod", "Pulled", "y")))
        .isInstanceOf(Outcome.Create.class);
  }

  @Test
  void theServersNameAndCountHold() {
    correlator.correlate(event("pod", "Pulled", "x"));
    correlator.written(
        new EventBuilder(event("pod", "Pulled", "x"))
            .editMetadata()
            .withName("theirs")
            .endMetadata()
            .withCount(41)
            .build());
    var again = (Outcome.Count) correlator.correlate(event("pod", "Pulled", "x"));
    assertThat(again.event().getMetadata().getName()).isEqualTo("theirs");
    assertThat(again.event().getCount()).isEqualTo(42);
  }

  @Test
  void theTenthSimilarOneWithinTenMinutesIsCombined() {
    for (int i = 1; i < 10; i++) {
      assertThat(correlator.correlate(event("pod", "Unhealthy", "m" + i)))
          .isInstanceOf(Outcome.Create.class);
    }
    var combined = (Outcome.Create) correlator.correlate(event("pod", "Unhealthy", "m10"));
    assertThat(combined.event().getMessage()).isEqualTo("(combined from similar events): m10");
    assertThat(combined.event().getMetadata().getName())
        .isEqualTo("pod." + Long.toHexString(now.toEpochMilli() * 1_000_000));
    var more = (Outcome.Count) correlator.correlate(event("pod", "Unhealthy", "m11"));
    assertThat(more.event().getCount()).isEqualTo(2);
    assertThat(more.event().getMetadata().getName())
        .isEqualTo(combined.event().getMetadata().getName());
    now = now.plus(Duration.ofMinutes(10)).plusMillis(1);
    assertThat(correlator.correlate(event("pod", "Unhealthy", "m12")))
        .isInstanceOfSatisfying(
            Outcome.Create.class, c -> assertThat(c.event().getMessage()).isEqualTo("m12"));
  }

  @Test
  void anObjectHasTwentyFiveAndThenOneEveryFiveMinutes() {
    for (int i = 0; i < 25; i++) {
      assertThat(correlator.correlate(event("pod", "R" + i, "m")))
          .isInstanceOf(Outcome.Create.class);
    }
    assertThat(correlator.correlate(event("pod", "More", "m"))).isInstanceOf(Outcome.Drop.class);
    assertThat(correlator.correlate(event("other", "More", "m")))
        .isInstanceOf(Outcome.Create.class);
    now = now.plus(Duration.ofMinutes(5)).minusMillis(1);
    assertThat(correlator.correlate(event("pod", "Late", "m"))).isInstanceOf(Outcome.Drop.class);
    now = now.plusMillis(1);
    assertThat(correlator.correlate(event("pod", "Later", "m"))).isInstanceOf(Outcome.Create.class);
    assertThat(correlator.correlate(event("pod", "Latest", "m"))).isInstanceOf(Outcome.Drop.class);
  }

  @Test
  void forgetsWhatItHasNotSeenForLongest() {
    correlator.correlate(event("first", "Pulled", "x"));
    for (int i = 0; i < 4096; i++) {
      correlator.correlate(event("pod" + i, "Pulled", "x"));
    }
    assertThat(correlator.correlate(event("first", "Pulled", "x")))
        .isInstanceOf(Outcome.Create.class);
    assertThat(correlator.correlate(event("pod4095", "Pulled", "x")))
        .isInstanceOf(Outcome.Count.class);
  }

  private Event event(String pod, String reason, String message) {
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withName(pod + "." + now)
        .withNamespace("demo")
        .endMetadata()
        .withNewInvolvedObject()
        .withKind("Pod")
        .withName(pod)
        .withNamespace("demo")
        .withUid(pod)
        .endInvolvedObject()
        .withType("Normal")
        .withReason(reason)
        .withMessage(message)
        .withFirstTimestamp(time)
        .withLastTimestamp(time)
        .withCount(1)
        .build();
  }
}
