package dev.jkubelet.cluster;

/**
 * How fast the API server may be called. Heartbeats and reviews are never held back.
 *
 * @param api {@code --kube-api-qps} and {@code --kube-api-burst}: pods and what they refer to
 * @param events {@code --event-qps} and {@code --event-burst}
 */
public record CallRates(Rate api, Rate events) {
  /** As fast as one likes. */
  public static final CallRates UNLIMITED = new CallRates(new Rate(0, 0), new Rate(0, 0));

  /**
   * As client-go's token bucket.
   *
   * @param perSecond in the long run; 0 for no limit
   * @param burst at once after a rest; less than one counts as one
   */
  public record Rate(int perSecond, int burst) {}
}
