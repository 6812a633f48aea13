package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/** What containers' logs occupy, among the kubelet's own metrics. */
record ContainerLogSizes(Supplier<NodeSnapshot> node) implements Metric {
  private record Sized(String container, PodKey pod, long bytes) {}

  @Override
  public String name() {
    return "kubelet_container_log_filesystem_used_bytes";
  }

  @Override
  public void render(Exposition out) {
    var sizes =
        node.get().containers().values().stream()
            .filter(record -> record.kind() == Kind.CONTAINER)
            .flatMap(record -> sized(record).stream())
            .sorted(
                Comparator.comparing(Sized::container)
                    .thenComparing(size -> size.pod().namespace())
                    .thenComparing(size -> size.pod().name()))
            .toList();
    if (sizes.isEmpty()) {
      return;
    }
    out.family(name(), "gauge", "[ALPHA] Bytes used by the container's logs on the filesystem.");
    for (var size : sizes) {
      out.sample(
          name(),
          (double) size.bytes(),
          "container",
          size.container(),
          "namespace",
          size.pod().namespace(),
          "pod",
          size.pod().name(),
          "uid",
          size.pod().uid());
    }
  }

  private static Optional<Sized> sized(ContainerRecord record) {
    return record.latest().filesystems().stream()
        .findFirst()
        .flatMap(
            fs ->
                record
                    .container()
                    .flatMap(
                        container ->
                            record.pod().map(pod -> new Sized(container.name(), pod, logs(fs)))));
  }

  private static long logs(Filesystem fs) {
    return fs.usage() - fs.baseUsage();
  }
}
