package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerSnapshot.Instance;

/** What of a container's life others may see. */
final class ContainerSnapshots {
  private ContainerSnapshots() {}

  static ContainerSnapshot of(String name, ContainerLife life) {
    return new ContainerSnapshot(
        name,
        life.current().map(ContainerSnapshots::instance),
        life.previous().map(ContainerSnapshots::instance));
  }

  private static Instance instance(ContainerLife.Instance instance) {
    var inspection = instance.inspection();
    return new Instance(
        inspection.id(),
        inspection.imageId(),
        instance.live(),
        inspection.logPath(),
        Math.toIntExact(inspection.pid()));
  }
}
