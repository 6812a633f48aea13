package dev.jkubelet.stats;

import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the engine once for each container; again after a while when it gave no answer. */
final class RuntimeContainers implements EngineContainers {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ContainerRuntime runtime;
  private final InstantSource clock;
  private final Map<String, Asked> byId = new ConcurrentHashMap<>();

  RuntimeContainers(ContainerRuntime runtime, InstantSource clock) {
    this.runtime = runtime;
    this.clock = clock;
  }

  private record Asked(Optional<Described> answer, Instant at) {}

  @Override
  public Optional<Described> of(String id) {
    var asked = byId.get(id);
    var now = clock.instant();
    if (asked == null || (asked.answer().isEmpty() && asked.at().plus(PATIENCE).isBefore(now))) {
      ask(id, now);
    }
    return Optional.ofNullable(byId.get(id)).flatMap(Asked::answer);
  }

  private void ask(String id, Instant now) {
    byId.put(id, new Asked(Optional.empty(), now));
    var _ =
        runtime
            .inspect(id)
            .thenAccept(
                found ->
                    byId.computeIfPresent(
                        id, (_, _) -> new Asked(Optional.of(described(found)), now)));
  }

  @Override
  public List<Described> known() {
    return byId.values().stream().map(Asked::answer).flatMap(Optional::stream).toList();
  }

  @Override
  public void forget(String id) {
    byId.remove(id);
  }

  private static Described described(ContainerInspection found) {
    var summary = found.summary();
    var pod = summary.pod();
    return new Described(
        pod,
        summary.type() == ContainerType.SANDBOX,
        new ContainerRecord.Container(
            summary.id(),
            summary.name(),
            String.join(
                "_",
                "k8s",
                summary.name(),
                pod.name(),
                pod.namespace(),
                pod.uid(),
                Integer.toString(summary.attempt())),
            summary.attempt()),
        summary.createdAt(),
        found.labels(),
        found.createdFrom(),
        found.writableLayer(),
        found.logPath().map(Path::getParent));
  }
}
