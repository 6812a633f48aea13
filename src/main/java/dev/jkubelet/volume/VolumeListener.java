package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;

/** Hears what is done with the volumes of pods; must not block. */
public interface VolumeListener {
  /** Hears nothing. */
  VolumeListener NONE = new VolumeListener() {};

  /**
   * The pod is to have these volumes.
   *
   * @param plugins what mounts each, by the volume's name: {@code kubernetes.io/empty-dir}
   */
  default void wanted(String podUid, Map<String, String> plugins) {}

  /** One of them is there now, or could not be made. */
  default void mounted(String podUid, String volume, Duration took, boolean failed) {}

  /** All of the pod's are gone, or some could not be removed. */
  default void unmounted(String podUid, Duration took, boolean failed) {}

  /** The file system that a pod claims has become as large as its volume. */
  default void grown(Pod pod, PersistentVolumeClaim claim) {}
}
