package dev.jkubelet.node;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;

/** Timers and clock of a test, which go together and only when told to. */
public final class TestTime extends Clock {
  private final ManualTime timers;
  private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");

  public TestTime(ActorTestKit kit) {
    this.timers = ManualTime.get(kit.system());
  }

  public void pass(Duration time) {
    now = now.plus(time);
    timers.timePasses(time);
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
