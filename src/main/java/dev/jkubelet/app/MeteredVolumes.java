package dev.jkubelet.app;

import dev.jkubelet.stats.VolumeMetrics;
import dev.jkubelet.volume.VolumeListener;
import java.time.Duration;
import java.util.Map;

/** Counts what is done with volumes. */
record MeteredVolumes(VolumeMetrics metrics) implements VolumeListener {
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
}
