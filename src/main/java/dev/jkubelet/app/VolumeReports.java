package dev.jkubelet.app;

import dev.jkubelet.pod.PodEvents;
import dev.jkubelet.stats.VolumeMetrics;
import dev.jkubelet.volume.VolumeListener;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;

/** What is reported of volumes: counts of what is done with them, and events of those that grew. */
record VolumeReports(VolumeMetrics metrics, PodEvents events) implements VolumeListener {
  @Override
  public void wanted(String podUid, Map<String, String> plugins) {
    metrics.wanted(podUid, plugins);
  }

  @Override
  public void mounted(String podUid, String volume, Duration took, boolean failed) {
    metrics.mounted(podUid, volume, took, failed);
  }

  @Override
  public void unmounted(String podUid, Duration took, boolean failed) {
    metrics.unmounted(podUid, took, failed);
  }

  /** Word for word as the kubelet has it, which names the volume as the cluster does. */
  @Override
  public void grown(Pod pod, PersistentVolumeClaim claim) {
    var reason = "FileSystemResizeSuccessful";
    var message =
        "MountVolume.NodeExpandVolume succeeded for volume \"%s\" "
            .formatted(claim.getSpec().getVolumeName());
    events.record(pod, "", "Normal", reason, message);
    events.record(claim, "Normal", reason, message);
  }
}
