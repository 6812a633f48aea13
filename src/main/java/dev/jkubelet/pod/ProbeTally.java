package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Probe;

/**
 * How many looks in a row came to the same.
 *
 * @param success what they came to; of no meaning while there was none
 */
record ProbeTally(boolean success, int run) {
  static final ProbeTally NONE = new ProbeTally(false, 0);

  ProbeTally and(boolean another) {
    return new ProbeTally(another, another == success ? run + 1 : 1);
  }

  /** Whether they are enough for a verdict. */
  boolean decides(Probe probe) {
    return run >= (success ? probe.getSuccessThreshold() : probe.getFailureThreshold());
  }
}
