package dev.jkubelet.stats;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** How long one of the agent's certificates is still valid; endless while it shows none. */
record TimeToLive(String name, String help, Supplier<Optional<Instant>> expiry, InstantSource clock)
    implements Metric {
  @Override
  public void render(Exposition out) {
    double seconds =
        expiry
            .get()
            .map(at -> Duration.between(clock.instant(), at).toMillis() / 1e3)
            .orElse(Double.POSITIVE_INFINITY);
    out.family(name, "gauge", help).sample(name, seconds);
  }
}
