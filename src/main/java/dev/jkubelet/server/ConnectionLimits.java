package dev.jkubelet.server;

import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.io.TcpSO;
import scala.concurrent.duration.Duration;

/**
 * Pekko's settings of a port. Limits are configured; what safety rests on is not: paths are matched
 * as they were sent, before any normalization, and a client's certificates come as an attribute,
 * which no header can forge.
 */
final class ConnectionLimits {
  private ConnectionLimits() {}

  /** The settings of a port that answers and does not stream. */
  static ServerSettings of(ActorSystem<?> system) {
    var configured = ServerSettings.create(system.classicSystem());
    return configured
        .withRawRequestUriHeader(true)
        .withParserSettings(configured.getParserSettings().withIncludeSslSessionAttribute(true));
  }

  /**
   * The settings of a port that streams: silence is no reason to end a connection, for which {@link
   * BetweenRequests} stands in. A peer that is gone without a word is noticed by the kernel.
   */
  static ServerSettings ofStreaming(ActorSystem<?> system) {
    var settings = of(system);
    return settings
        .withTimeouts(settings.getTimeouts().withIdleTimeout(Duration.Inf()))
        .withSocketOptions(List.of(TcpSO.keepAlive(true)));
  }

  /** How long a connection may be without a request. */
  static java.time.Duration betweenRequests(ActorSystem<?> system) {
    return java.time.Duration.ofNanos(
        ServerSettings.create(system.classicSystem()).getTimeouts().idleTimeout().toNanos());
  }
}
