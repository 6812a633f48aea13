package dev.jkubelet.cluster;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a certificate in its store valid, on a virtual thread of its own, until closed. */
final class CertificateRenewal implements Following {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

  /** How long a request may wait for approval before another one is made; the kubelet's. */
  private static final Duration SIGNING_LIMIT = Duration.ofMinutes(15);

  /** What the certificate is to say may change; the wall clock may be set, too. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final CertificateStore store;
  private final Supplier<Optional<CertificateTemplate>> wanted;
  private final Supplier<Optional<Identity>> before;
  private final Supplier<CertificatesApi> api;
  private final Runnable renewed;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private double jitter = ThreadLocalRandom.current().nextDouble();
  private int failures;

  /**
   * @param wanted what the certificate is to say; empty while that is not known
   * @param before the certificate in use while the store has none
   * @param api whom to ask, at the time of asking
   * @param renewed called after each renewal
   */
  CertificateRenewal(
      CertificateStore store,
      Supplier<Optional<CertificateTemplate>> wanted,
      Supplier<Optional<Identity>> before,
      Supplier<CertificatesApi> api,
      Runnable renewed) {
    this.store = store;
    this.wanted = wanted;
    this.before = before;
    this.api = api;
    this.renewed = renewed;
    this.thread = Thread.ofVirtual().name("renew " + store.pair()).unstarted(this::run);
  }

  CertificateRenewal start() {
    thread.start();
    return this;
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void run() {
    try {
      while (closed.getCount() > 0) {
        if (closed.await(step().toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /** Renews if it is time; returns how long to wait before looking again. */
  private Duration step() throws InterruptedException {
    var template = wanted.get();
    if (template.isEmpty()) {
      return Duration.ofSeconds(1);
    }
    try {
      var due = Rotation.due(store.stored().or(before).map(Identity::leaf), template.get(), jitter);
      var now = store.clock().instant();
      if (due.isAfter(now)) {
        return shorter(Duration.between(now, due), LONGEST_WAIT);
      }
      renew(template.get());
      failures = 0;
      jitter = ThreadLocalRandom.current().nextDouble();
      renewed.run();
      return Duration.ofSeconds(1);
    } catch (IOException | GeneralSecurityException | ApiFailure e) {
      failures++;
      LOG.warn("{} can't be renewed for now: {}", store.current(), e.getMessage());
      return Rotation.retry(failures);
    }
  }

  private void renew(CertificateTemplate template)
      throws IOException, GeneralSecurityException, InterruptedException {
    LOG.info("Asking for a certificate of {}", template.signer());
    var key = SigningKey.generate();
    var certificates =
        Signing.certificates(api.get(), template, key.request(template), SIGNING_LIMIT);
    store.update(certificates, key.privateKey());
    LOG.info("{} is signed", store.current());
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
