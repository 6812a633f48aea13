package dev.jkubelet.server;

import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/**
 * Pekko's settings of a port. Limits are configured; what safety rests on is not: paths are matched
 * as they were sent, before any normalization, and a client's certificates come as an attribute,
 * which no header can forge.
 */
final class ConnectionLimits {
  private ConnectionLimits() {}

  /**
   * The settings of one port.
   *
   * @param idle instead of the configured; zero for no limit
   */
  static ServerSettings of(ActorSystem<?> system, Optional<Duration> idle) {
    var configured = ServerSettings.create(system.classicSystem());
    var timeouts = configured.getTimeouts();
    return configured
        .withTimeouts(
            idle.map(ConnectionLimits::limit).map(timeouts::withIdleTimeout).orElse(timeouts))
        .withRawRequestUriHeader(true)
        .withParserSettings(configured.getParserSettings().withIncludeSslSessionAttribute(true));
  }

  private static scala.concurrent.duration.Duration limit(Duration idle) {
    return idle.isZero()
        ? scala.concurrent.duration.Duration.Inf()
        : scala.concurrent.duration.Duration.fromNanos(idle.toNanos());
  }
}
