package dev.jkubelet.volume;

import java.time.Duration;
import java.util.Map;

/** Hears what is done with the volumes of pods; must not block. */
public interface VolumeListener {
  /** Hears nothing. */
  VolumeListener NONE =
      new VolumeListener() {
        @Override
        public void wanted(String podUid, Map<String, String> plugins) {}

        @Override
        public void mounted(String podUid, String volume, Duration took, boolean failed) {}

        @Override
        public void unmounted(String podUid, Duration took, boolean failed) {}
      };

  /**
   * The pod is to have these volumes.
   *
   * @param plugins what mounts each, by the volume's name: {@code kubernetes.io/empty-dir}
   */
  void wanted(String podUid, Map<String, String> plugins);

  /** One of them is there now, or could not be made. */
  void mounted(String podUid, String volume, Duration took, boolean failed);

  /** All of the pod's are gone, or some could not be removed. */
  void unmounted(String podUid, Duration took, boolean failed);
}
