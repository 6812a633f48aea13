package dev.jkubelet.node;

import dev.jkubelet.pod.PodServices;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What pods leave on the machine, by which they are known after a restart. */
final class Traces {
  private Traces() {}

  /** UIDs of pods that have a folder or a cgroup. */
  static CompletionStage<Set<String>> onDisk(PodServices services) {
    return services
        .volumes()
        .podUids()
        .thenCombine(
            services.cgroups().podUids(),
            (folders, cgroups) -> {
              var uids = new ArrayList<>(folders);
              uids.addAll(cgroups);
              return Set.copyOf(uids);
            });
  }

  /** UIDs of pods of which the engine runs something. */
  static Set<String> live(Map<String, List<ContainerSummary>> listed) {
    return listed.entrySet().stream()
        .filter(e -> e.getValue().stream().anyMatch(s -> s.state() == ContainerState.RUNNING))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
