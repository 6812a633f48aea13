package dev.jkubelet.node;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What pods leave on the machine, by which they are known after a restart. */
final class Traces {
  private Traces() {}

  /** Pods that have a folder, a cgroup or links to logs; only the latter tell a name. */
  static CompletionStage<Collection<PodKey>> onDisk(PodServices services) {
    return services
        .volumes()
        .podUids()
        .thenCombine(services.cgroups().podUids(), Traces::nameless)
        .thenCombine(
            services.files().leftoverLogs(),
            (found, named) -> {
              named.forEach(key -> found.put(key.uid(), key));
              return found.values();
            });
  }

  private static Map<String, PodKey> nameless(List<String> folders, List<String> cgroups) {
    return Stream.concat(folders.stream(), cgroups.stream())
        .distinct()
        .collect(
            Collectors.toMap(
                uid -> uid, uid -> new PodKey("", "", uid), (a, _) -> a, HashMap::new));
  }

  /** UIDs of pods of which the engine runs something. */
  static Set<String> live(Map<String, List<ContainerSummary>> listed) {
    return listed.entrySet().stream()
        .filter(e -> e.getValue().stream().anyMatch(s -> s.state() == ContainerState.RUNNING))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
