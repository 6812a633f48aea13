package dev.jkubelet.image;

import java.time.Duration;

/**
 * What the kubelet would tell a pod's events about an image.
 *
 * @param warning whether the event's type is {@code Warning} rather than {@code Normal}
 * @param reason the event's reason, {@code Pulling}
 */
public record PullEvent(boolean warning, String reason, String message) {
  static PullEvent pulling(String image) {
    return new PullEvent(false, "Pulling", "Pulling image " + Quote.go(image));
  }

  static PullEvent pulled(String image, Duration took) {
    return new PullEvent(
        false,
        "Pulled",
        "Successfully pulled image " + Quote.go(image) + " in " + GoDuration.format(took));
  }

  static PullEvent present(String image) {
    return new PullEvent(
        false, "Pulled", "Container image " + Quote.go(image) + " already present on machine");
  }

  static PullEvent failed(String image, String why) {
    return new PullEvent(true, "Failed", "Failed to pull image " + Quote.go(image) + ": " + why);
  }

  static PullEvent neverPull(String message) {
    return new PullEvent(true, "ErrImageNeverPull", message);
  }

  static PullEvent inspectFailed(String message) {
    return new PullEvent(true, "InspectFailed", message);
  }
}
