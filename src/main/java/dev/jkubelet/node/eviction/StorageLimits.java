package dev.jkubelet.node.eviction;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.Quantities;
import dev.jkubelet.node.eviction.PodUsage.Place;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.Optional;

/** What a pod may have on disk: limits that no kernel holds it to, so it is evicted beyond them. */
final class StorageLimits {
  private static final String STORAGE = "ephemeral-storage";

  private StorageLimits() {}

  /**
   * Why the pod has to go, if so; in the kubelet's words.
   *
   * @param ownImageDisk whether layers are elsewhere than logs and volumes, and so don't count
   */
  static Optional<String> exceeded(Pod pod, PodUsage usage, boolean ownImageDisk) {
    return pod.getSpec().getVolumes().stream()
        .flatMap(volume -> volume(volume, usage).stream())
        .findFirst()
        .or(() -> pod(pod, usage, ownImageDisk ? Place.LOGS_AND_VOLUMES : Place.ALL))
        .or(
            () ->
                PodContainers.apps(pod).stream()
                    .flatMap(container -> container(container, usage, ownImageDisk).stream())
                    .findFirst());
  }

  private static Optional<String> volume(Volume volume, PodUsage usage) {
    if (volume.getEmptyDir() == null || volume.getEmptyDir().getSizeLimit() == null) {
      return Optional.empty();
    }
    var limit = volume.getEmptyDir().getSizeLimit();
    return usage.volumes().stream()
        .filter(used -> used.name().equals(volume.getName()))
        .filter(used -> exceeds(used.used(), limit))
        .map(
            _ ->
                "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". "
                    .formatted(volume.getName(), limit))
        .findFirst();
  }

  private static Optional<String> pod(Pod pod, PodUsage usage, Place place) {
    boolean limited =
        PodContainers.apps(pod).stream().allMatch(c -> PodContainers.limit(c, STORAGE) != null);
    long most =
        PodContainers.apps(pod).stream()
            .mapToLong(c -> Quantities.bytes(PodContainers.limit(c, STORAGE)))
            .sum();
    return limited && most > 0 && usage.disk(place) > most
        ? Optional.of(
            "Pod ephemeral local storage usage exceeds the total limit of containers %s. "
                .formatted(Quantities.binary(most)))
        : Optional.empty();
  }

  private static Optional<String> container(
      Container container, PodUsage usage, boolean ownImageDisk) {
    var limit = PodContainers.limit(container, STORAGE);
    return Optional.ofNullable(usage.containers().get(container.getName()))
        .filter(_ -> limit != null)
        .filter(used -> exceeds(used.logs() + (ownImageDisk ? 0 : used.layer()), limit))
        .map(
            _ ->
                "Container %s exceeded its local ephemeral storage limit \"%s\". "
                    .formatted(container.getName(), limit));
  }

  private static boolean exceeds(long used, Quantity limit) {
    long most = Quantities.bytes(limit);
    return most > 0 && used > most;
  }
}
