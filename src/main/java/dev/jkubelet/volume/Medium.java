package dev.jkubelet.volume;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.Quantities;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What an emptyDir is made of. */
sealed interface Medium {
  /** The node's disk. */
  record Disk() implements Medium {}

  /**
   * A tmpfs.
   *
   * @param options as in mount(8)
   */
  record Memory(String options) implements Medium {}

  /**
   * A hugetlbfs.
   *
   * @param pageSize bytes
   */
  record HugePages(long pageSize) implements Medium {}

  String HUGE_PAGES = "HugePages";
  String RESOURCE = "hugepages-";

  /**
   * As the volume has it; huge pages without a size are those that the pod's containers ask for.
   */
  static Medium of(EmptyDirVolumeSource source, Pod pod) throws IOException {
    var medium = Optional.ofNullable(source.getMedium()).orElse("");
    return switch (medium) {
      case "" -> new Disk();
      case "Memory" -> new Memory(sizeOption(source.getSizeLimit()));
      case HUGE_PAGES -> new HugePages(onlyPageSize(pod));
      case String sized when sized.startsWith(HUGE_PAGES + "-") ->
          new HugePages(bytes("medium", new Quantity(sized.substring(HUGE_PAGES.length() + 1))));
      case String unknown ->
          throw new IOException(
              "emptyDir.medium: expected \"\", Memory, HugePages or HugePages-<size>, got "
                  + unknown);
    };
  }

  private static long onlyPageSize(Pod pod) throws IOException {
    var sizes =
        PodContainers.all(pod)
            .flatMap(
                container ->
                    Optional.ofNullable(container.getResources())
                        .map(ResourceRequirements::getRequests)
                        .orElse(Map.of())
                        .keySet()
                        .stream())
            .filter(resource -> resource.startsWith(RESOURCE))
            .distinct()
            .toList();
    if (sizes.size() != 1) {
      throw new IOException(
          "emptyDir.medium HugePages: expected containers that ask for huge pages of one size, got "
              + sizes);
    }
    return bytes("medium", new Quantity(sizes.getFirst().substring(RESOURCE.length())));
  }

  private static String sizeOption(Quantity limit) throws IOException {
    long bytes = limit == null ? 0 : bytes("sizeLimit", limit);
    return bytes > 0 ? "size=" + bytes : "";
  }

  private static long bytes(String field, Quantity quantity) throws IOException {
    try {
      return Quantities.bytes(quantity);
    } catch (IllegalArgumentException notNumber) {
      throw new IOException(
          "emptyDir.%s: expected a quantity of bytes, got %s".formatted(field, quantity),
          notNumber);
    }
  }

  /** Whether the folder is made of it already. */
  default boolean isThere(Path dir) throws IOException {
    return switch (this) {
      case Disk() -> Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS);
      case Memory _ -> isMounted(dir, "tmpfs");
      case HugePages _ -> isMounted(dir, "hugetlbfs");
    };
  }

  private static boolean isMounted(Path dir, String type) throws IOException {
    return Files.exists(dir) && MountTable.read().isMounted(MountTable.canonical(dir), type);
  }

  /** Puts it over an empty folder. */
  default void mount(Path dir) throws IOException {
    switch (this) {
      case Disk() -> {}
      case Memory(var options) -> Syscalls.mountTmpfs(dir, options);
      case HugePages(var pageSize) -> Syscalls.mountHugePages(dir, pageSize);
    }
  }
}
