package dev.jkubelet.pod;

import java.time.Duration;

/**
 * Why an instance that runs is to be ended by its own fault.
 *
 * @param id of the instance
 * @param grace what is left to it: the probe's own, else the pod's
 */
record Unhealthy(String id, ProbeKind kind, Duration grace) {
  String text() {
    return switch (kind) {
      case STARTUP -> "failed startup probe";
      case LIVENESS, READINESS -> "failed liveness probe";
    };
  }
}
