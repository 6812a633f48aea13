package dev.jkubelet.stats;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What the kubelet counts of volumes: those that there are and are to be, and what is done with
 * them. A pod's are remembered until they are gone; whoever removes a pod that was left behind by
 * an agent before has none to tell of. Safe from any thread.
 */
public final class VolumeMetrics {
  private static final double[] SECONDS = {.1, .25, .5, 1, 2.5, 5, 10, 15, 25, 50, 120, 300, 600};
  private static final String[] OPERATION = {"operation_name", "volume_plugin"};
  private static final String MOUNT = "volume_mount";
  private static final String UNMOUNT = "volume_unmount";

  private final Family<Histogram> durations =
      Family.histogram(
          "storage_operation_duration_seconds",
          "[ALPHA] Storage operation duration",
          SECONDS,
          OPERATION);
  private final Family<LongAdder> errors =
      Family.counter(
          "storage_operation_errors_total", "[ALPHA] Storage operation errors", OPERATION);
  private final Family<LongAdder> outcomes =
      Family.counter(
          "storage_operation_status_count",
          "[ALPHA] Storage operation return statuses count",
          "operation_name",
          "status",
          "volume_plugin");

  /** Plugins by volume by the pod's UID. */
  private final Map<String, Map<String, String>> wanted = new ConcurrentHashMap<>();

  private final Map<String, Set<String>> mounted = new ConcurrentHashMap<>();

  /**
   * A pod is to have these volumes.
   *
   * @param plugins by the volume's name
   */
  public void wanted(String podUid, Map<String, String> plugins) {
    wanted.put(podUid, Map.copyOf(plugins));
  }

  /** One of a pod's volumes was mounted, or could not be. */
  public void mounted(String podUid, String volume, Duration took, boolean failed) {
    count(MOUNT, wanted.getOrDefault(podUid, Map.of()).getOrDefault(volume, ""), took, failed);
    if (!failed) {
      mounted.computeIfAbsent(podUid, _ -> ConcurrentHashMap.newKeySet()).add(volume);
    }
  }

  /** All of a pod's volumes went together, or did not. */
  public void unmounted(String podUid, Duration took, boolean failed) {
    wanted
        .getOrDefault(podUid, Map.of())
        .forEach((_, plugin) -> count(UNMOUNT, plugin, took, failed));
    if (!failed) {
      wanted.remove(podUid);
      mounted.remove(podUid);
    }
  }

  /** As in the kubelet, only what succeeded is timed. */
  private void count(String operation, String plugin, Duration took, boolean failed) {
    outcomes.with(operation, failed ? "fail-unknown" : "success", plugin).increment();
    if (failed) {
      errors.with(operation, plugin).increment();
    } else {
      durations.with(operation, plugin).observe(took);
    }
  }

  /** Sorted by name. */
  Stream<Metric> all() {
    return Stream.of(durations, errors, outcomes, new Totals());
  }

  private final class Totals implements Metric {
    private static final String NAME = "volume_manager_total_volumes";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public void render(Exposition out) {
      var desired = new TreeMap<String, Integer>();
      var actual = new TreeMap<String, Integer>();
      wanted.forEach(
          (podUid, plugins) ->
              plugins.forEach(
                  (volume, plugin) -> {
                    desired.merge(plugin, 1, Integer::sum);
                    if (mounted.getOrDefault(podUid, Set.of()).contains(volume)) {
                      actual.merge(plugin, 1, Integer::sum);
                    }
                  }));
      if (desired.isEmpty()) {
        return;
      }
      out.family(NAME, "gauge", "[ALPHA] Number of volumes in Volume Manager");
      desired.forEach(
          (plugin, count) -> {
            sample(out, plugin, "actual_state_of_world", actual.getOrDefault(plugin, 0));
            sample(out, plugin, "desired_state_of_world", count);
          });
    }

    private static void sample(Exposition out, String plugin, String state, int count) {
      out.sample(NAME, count, "plugin_name", plugin, "state", state);
    }
  }
}
