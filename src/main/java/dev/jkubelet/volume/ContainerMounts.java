package dev.jkubelet.volume;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerConfig.Mount;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of a pod's volumes a container sees where: its {@code volumeMounts}, decided. */
public final class ContainerMounts {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerMounts.class);

  private final SubPath subPath;
  private final ExclusiveCalls calls;

  /**
   * Binds subPaths below one root folder.
   *
   * @param rootDir {@code --root-dir}
   * @param limit how long the paths of one container may take before its stage fails
   */
  public ContainerMounts(Path rootDir, BlockingCalls calls, Duration limit) {
    this.subPath = new SubPath(new PodDirs(rootDir.toAbsolutePath().normalize()));
    this.calls = new ExclusiveCalls(calls, limit);
  }

  /**
   * The mounts of a container, in the order of its spec.
   *
   * @param volumes what {@link PodVolumes#setUp} returned
   * @param expand expands {@code $(VAR)} of a subPathExpr with the container's environment
   * @return fails with a {@link VolumeException} of reason CreateContainerConfigError, or as {@code
   *     expand} does
   */
  public CompletionStage<List<Mount>> of(
      Pod pod, Container container, Map<String, Path> volumes, UnaryOperator<String> expand) {
    var owner = pod.getMetadata().getUid() + "/" + container.getName();
    return calls.call(
        owner, "find the mounts of " + owner, () -> find(pod, container, volumes, expand));
  }

  private List<Mount> find(
      Pod pod, Container container, Map<String, Path> volumes, UnaryOperator<String> expand) {
    refuseWhatIsNotSupported(container);
    var mounts = new ArrayList<Mount>();
    for (var wanted : container.getVolumeMounts()) {
      var volume = volumes.get(wanted.getName());
      if (volume == null) {
        throw VolumeException.badConfig(
            "cannot find volume \"%s\" to mount into container \"%s\""
                .formatted(wanted.getName(), container.getName()),
            null);
      }
      var subPathOf = subPathOf(wanted, expand);
      var hostPath =
          subPathOf.isEmpty()
              ? volume
              : below(pod, container, mounts.size(), wanted, volume, subPathOf.get());
      mounts.add(
          new Mount(
              hostPath,
              Path.of("/").resolve(wanted.getMountPath()).normalize().toString(),
              Boolean.TRUE.equals(wanted.getReadOnly()) || isReadOnly(pod, wanted.getName()),
              propagation(wanted.getMountPropagation())));
    }
    return List.copyOf(mounts);
  }

  /** Without its device, or where less than it asked for is read-only, it had better not run. */
  private static void refuseWhatIsNotSupported(Container container) {
    Stream.concat(
            container.getVolumeDevices().stream()
                .map(
                    device ->
                        "\"" + device.getName() + "\": volumes of mode Block are not supported"),
            container.getVolumeMounts().stream()
                .filter(mount -> "Enabled".equals(mount.getRecursiveReadOnly()))
                .map(mount -> "\"" + mount.getName() + "\": recursiveReadOnly is not supported"))
        .findFirst()
        .ifPresent(
            why -> {
              throw VolumeException.badConfig(
                  "container \"" + container.getName() + "\" can't have volume " + why, null);
            });
  }

  private static boolean isReadOnly(Pod pod, String volume) {
    return pod.getSpec().getVolumes().stream()
        .anyMatch(v -> v.getName().equals(volume) && PodVolumes.isReadOnly(v));
  }

  private static Optional<String> subPathOf(VolumeMount mount, UnaryOperator<String> expand) {
    return Optional.ofNullable(mount.getSubPathExpr())
        .filter(text -> !text.isEmpty())
        .map(expand)
        .or(() -> Optional.ofNullable(mount.getSubPath()))
        .filter(text -> !text.isEmpty());
  }

  private Path below(
      Pod pod, Container container, int index, VolumeMount mount, Path volume, String path) {
    if (path.startsWith("/")) {
      throw VolumeException.badConfig(
          "error SubPath `" + path + "` must not be an absolute path", null);
    }
    if (List.of(path.split("/")).contains("..")) {
      throw VolumeException.badConfig(
          "unable to provision SubPath `" + path + "`: must not contain '..'", null);
    }
    try {
      return subPath.bind(
          pod.getMetadata().getUid(), mount.getName(), container.getName(), index, volume, path);
    } catch (IOException failure) {
      // The user is not told more, it could be about files of the host.
      var message =
          "failed to prepare subPath for volumeMount \"%s\" of container \"%s\""
              .formatted(mount.getName(), container.getName());
      LOG.warn("{}: {}", message, failure.getMessage());
      throw VolumeException.badConfig(message, failure);
    }
  }

  private static String propagation(String mode) {
    return switch (Optional.ofNullable(mode).orElse("None")) {
      case "None" -> "rprivate";
      case "HostToContainer" -> "rslave";
      case "Bidirectional" -> "rshared";
      case String unknown ->
          throw VolumeException.badConfig(
              "invalid MountPropagation mode: \"" + unknown + "\"", null);
    };
  }
}
