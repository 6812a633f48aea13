package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.Optional;

/** What a probe decides: whether a container has started, lives, or can serve. */
enum ProbeKind {
  STARTUP("Startup"),
  LIVENESS("Liveness"),
  READINESS("Readiness");

  private final String text;

  ProbeKind(String text) {
    this.text = text;
  }

  /** As events and metrics have it. */
  String text() {
    return text;
  }

  /** What the spec says about it. */
  Optional<Probe> of(Container container) {
    return Optional.ofNullable(
        switch (this) {
          case STARTUP -> container.getStartupProbe();
          case LIVENESS -> container.getLivenessProbe();
          case READINESS -> container.getReadinessProbe();
        });
  }
}
