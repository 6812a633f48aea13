package dev.jkubelet.cluster;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What to ask next to keep up with a set of objects: list it once, then watch from the version
 * listed, and list again only when the server no longer has the history in between. The rules are
 * those of client-go's reflector.
 *
 * @param next what to ask
 * @param failures how many times in a row it went wrong
 */
record FollowSteps(Step next, int failures) {
  /** Any version will do for the first list: the server answers from its cache. */
  static final FollowSteps FIRST = new FollowSteps(new Step.ListAll("0"), 0);

  private static final Duration FIRST_DELAY = Duration.ofMillis(1600);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
  private static final int GATEWAY_TIMEOUT = 504;

  /** A watch that ends sooner, without an event, does not work. */
  static final Duration SHORT_WATCH = Duration.ofSeconds(1);

  /** What to ask. */
  sealed interface Step {
    /**
     * The whole set.
     *
     * @param notOlderThan a resource version; empty for the newest there is
     */
    record ListAll(String notOlderThan) implements Step {}

    record Watch(String from) implements Step {}
  }

  /** What came of it. */
  sealed interface Outcome {
    record Listed(String version) implements Outcome {}

    /**
     * A watch ended as watches do.
     *
     * @param version the last one seen
     * @param events how many came
     */
    record Ended(String version, long events, Duration lasted) implements Outcome {}

    /**
     * A list failed, or a watch was refused or broke off.
     *
     * @param worked whether it had been of use before: an event, or a second without an end
     */
    record Failed(ApiFailure failure, String version, boolean worked) implements Outcome {}

    /** The server told of an error inside a watch. */
    record Told(ApiFailure failure, String version) implements Outcome {}
  }

  FollowSteps after(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Listed(var version) -> new FollowSteps(new Step.Watch(version), 0);
      case Outcome.Ended(var version, var events, var lasted) ->
          new FollowSteps(
              new Step.Watch(version),
              events == 0 && lasted.compareTo(SHORT_WATCH) < 0 ? failures + 1 : 0);
      case Outcome.Told(var failure, var version) ->
          new FollowSteps(new Step.ListAll(version), failure.gone() ? 0 : failures + 1);
      case Outcome.Failed(var failure, var version, var worked) ->
          failed(failure, version, worked ? 1 : failures + 1);
    };
  }

  /**
   * A history that is gone is no reason to wait, but for the second time. A list no older than what
   * was seen comes from the server's cache; only when it can't be had, the newest of all is asked
   * of the store behind it.
   */
  private FollowSteps failed(ApiFailure failure, String version, int count) {
    boolean unknown = failure.gone() || tooLargeVersion(failure);
    var step =
        switch (next) {
          case Step.ListAll(var notOlderThan) -> new Step.ListAll(unknown ? "" : notOlderThan);
          case Step.Watch _ -> unknown ? new Step.ListAll(version) : new Step.Watch(version);
        };
    return new FollowSteps(step, failure.gone() && failures == 0 ? 0 : count);
  }

  /** The server has not seen that version yet, such as after its store was restored. */
  private static boolean tooLargeVersion(ApiFailure failure) {
    return failure.code() == GATEWAY_TIMEOUT;
  }

  /**
   * How long to wait before: 0.8 to 1.6 s after the first failure, doubling up to half a minute, so
   * that the nodes of a cluster don't come back all at once.
   *
   * @param random from 0 to 1
   */
  Duration delay(DoubleSupplier random) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    var whole = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, 10));
    var bounded = whole.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : whole;
    return Duration.ofMillis((long) (bounded.toMillis() * (1 + random.getAsDouble()) / 2));
  }
}
