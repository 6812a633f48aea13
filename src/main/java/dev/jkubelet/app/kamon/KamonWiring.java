package dev.jkubelet.app.kamon;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.jkubelet.pod.Spans;
import dev.jkubelet.stats.NodeStats;
import dev.jkubelet.stats.ProbeMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kamon.Kamon;
import org.apache.pekko.actor.ActorSystem;

/**
 * Kamon, where it is turned on; otherwise no class of it is loaded. It sees no bytecode agent:
 * spans and gauges are ours, mailboxes and dispatchers are measured through Pekko's own means.
 */
public final class KamonWiring {
  /** The system property that names the file with Kamon's settings. */
  public static final String FILE = "kamon.configurationFile";

  /** Kamon's own metrics are told of as seldom. */
  private static final Duration CONTAINERS = Duration.ofSeconds(10);

  private final Clock clock;

  private KamonWiring(Clock clock) {
    this.clock = clock;
  }

  /**
   * Starts Kamon and the reporters that are turned on.
   *
   * @param file in HOCON; {@code kamon.enabled} in it is the switch
   * @return empty when it is off or there is no file
   * @throws IllegalArgumentException when the file can't be read, with file and line
   */
  public static Optional<KamonWiring> start(Path file, Clock clock) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var given = ConfigFactory.parseFile(file.toFile());
      var own = given.resolve();
      if (!own.hasPath("kamon.enabled") || !own.getBoolean("kamon.enabled")) {
        return Optional.empty();
      }
      // Resolved together: Kamon's defaults refer to settings that the file may change.
      Kamon.initWithoutAttaching(ConfigFactory.load(given));
      return Optional.of(new KamonWiring(clock));
    } catch (ConfigException wrong) {
      throw new IllegalArgumentException("-D" + FILE + ": " + wrong.getMessage(), wrong);
    }
  }

  /** What Pekko is told, so that its mailboxes are measured. */
  public static Config pekko() {
    return ConfigFactory.parseString(
            "pekko.actor.default-mailbox.mailbox-type = \""
                + MeasuredMailbox.class.getName()
                + "\"")
        .withFallback(ConfigFactory.load());
  }

  public Spans spans() {
    return new KamonSpans(clock);
  }

  /**
   * Measures the threads of {@code system} and the stream of measurements, and takes over what
   * containers use and what their probes came to, now and then.
   */
  public void measure(ActorSystem system, NodeStats stats, ProbeMetrics probes) {
    Dispatchers.measure(system);
    stream(system, stats);
    var containers = new KamonContainers();
    var results = new KamonProbes(probes);
    system
        .scheduler()
        .scheduleWithFixedDelay(
            CONTAINERS,
            CONTAINERS,
            () -> {
              containers.look(stats.latest());
              results.look();
            },
            system.dispatcher());
  }

  /** How many snapshots come, and how old they are then: a stream that is slow delivers late. */
  private void stream(ActorSystem system, NodeStats stats) {
    var elements =
        Kamon.counter("stream.elements", "Elements that a stream delivered")
            .withTag("stream", "stats");
    var lag =
        Kamon.timer("stream.lag", "How old a stream's element is when it is delivered")
            .withTag("stream", "stats");
    stats
        .snapshots()
        .filter(snapshot -> !snapshot.time().equals(Instant.EPOCH))
        .runForeach(
            snapshot -> {
              elements.increment();
              lag.record(Duration.between(snapshot.time(), clock.instant()));
            },
            system);
  }

  /** Sends what is left and stops the reporters. */
  public void close() {
    Kamon.stop();
  }
}
