package dev.jkubelet.image;

import dev.jkubelet.model.GoQuoted;
import dev.jkubelet.runtime.PullProgress;
import java.time.Duration;

/**
 * What the kubelet would tell a pod's events about an image.
 *
 * @param type {@code Normal} or {@code Warning}
 * @param reason the event's reason, {@code Pulling}
 */
public record PullEvent(String type, String reason, String message) {
  static PullEvent pulling(String image) {
    return new PullEvent("Normal", "Pulling", "Pulling image " + GoQuoted.of(image));
  }

  static PullEvent pulling(String image, PullProgress progress) {
    return new PullEvent(
        "Normal",
        "Pulling",
        "Pulling image %s: %d of %d layers, %d MB"
            .formatted(
                GoQuoted.of(image),
                progress.done(),
                progress.layers(),
                progress.bytes() / 1_000_000));
  }

  static PullEvent pulled(String image, Duration took) {
    return new PullEvent(
        "Normal",
        "Pulled",
        "Successfully pulled image " + GoQuoted.of(image) + " in " + GoDuration.format(took));
  }

  static PullEvent present(String image) {
    return new PullEvent(
        "Normal",
        "Pulled",
        "Container image " + GoQuoted.of(image) + " already present on machine");
  }

  static PullEvent failed(String image, String why) {
    return new PullEvent(
        "Warning", "Failed", "Failed to pull image " + GoQuoted.of(image) + ": " + why);
  }

  static PullEvent neverPull(String message) {
    return new PullEvent("Warning", "ErrImageNeverPull", message);
  }

  static PullEvent inspectFailed(String message) {
    return new PullEvent("Warning", "InspectFailed", message);
  }
}
