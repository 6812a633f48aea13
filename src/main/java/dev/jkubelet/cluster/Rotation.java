package dev.jkubelet.cluster;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a certificate is to be renewed; the rules are those of client-go's certificate manager. */
final class Rotation {
  private static final double EARLIEST = 0.7;
  private static final double SPREAD = 0.2;
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(32);

  private Rotation() {}

  /**
   * When to ask for the next one: at 70 to 90 % of its life, or at once if there is none or it says
   * something else than it should.
   *
   * @param jitter from 0 to 1, one for the life of a certificate
   */
  static Instant due(
      Optional<X509Certificate> current, CertificateTemplate template, double jitter) {
    return current
        .filter(template::satisfiedBy)
        .map(
            certificate -> {
              var begin = certificate.getNotBefore().toInstant();
              var life = Duration.between(begin, certificate.getNotAfter().toInstant());
              var share = EARLIEST + SPREAD * jitter;
              return begin.plusMillis(Math.round(life.toMillis() * share));
            })
        .orElse(Instant.MIN);
  }

  /** How long to wait after so many failures in a row. */
  static Duration retry(int failures) {
    var delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, 10));
    return delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay;
  }
}
