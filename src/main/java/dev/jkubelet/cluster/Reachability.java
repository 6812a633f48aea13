package dev.jkubelet.cluster;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the server answers: who waits to try again need not wait longer once somebody else's
 * request was answered, such as the renewal of the node's lease.
 */
final class Reachability {
  private volatile CountDownLatch back = new CountDownLatch(0);

  /** A request got no answer. */
  synchronized void lost() {
    if (back.getCount() == 0) {
      back = new CountDownLatch(1);
    }
  }

  /** A request was answered. */
  void found() {
    back.countDown();
  }

  /** Waits that long, or until the server is found again if it is lost now. */
  void await(Duration delay) throws InterruptedException {
    var _ = back.await(delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}
