package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import java.util.List;
import java.util.Optional;

/**
 * One cgroup that is measured: the machine, a QoS class, a pod, a sandbox, a container, or a
 * daemon's.
 *
 * @param path the cgroup's, {@code /kubepods/burstable/pod12-34/5678…}; {@code /} is the machine
 * @param pod whose it is; empty for what is no pod's
 * @param container set for a container of the engine, sandboxes included
 * @param latest the newest reading
 * @param history the readings before, and that one
 */
public record ContainerRecord(
    String path,
    Kind kind,
    Optional<PodKey> pod,
    Optional<Container> container,
    ContainerSpec spec,
    ContainerSample latest,
    SampleHistory history) {
  /** What a cgroup stands for. */
  public enum Kind {
    MACHINE,
    /** Neither a pod's nor a container's: all pods', a QoS class', a daemon's. */
    GROUP,
    POD,
    SANDBOX,
    CONTAINER
  }

  /**
   * What the engine calls it.
   *
   * @param name in the pod's spec; {@code POD} for a sandbox
   * @param dockerName {@code k8s_httpd_web_default_12-34_0}
   * @param restarts the restart count, or the sandbox's attempt
   */
  public record Container(String id, String name, String dockerName, int restarts) {}

  /** cAdvisor's other names: the engine's name and id; none for a plain cgroup. */
  public List<String> aliases() {
    return container.map(c -> List.of(c.dockerName(), c.id())).orElse(List.of());
  }

  /** The path of the cgroup around it; empty for the machine. */
  public String parent() {
    int slash = path.lastIndexOf('/');
    return path.length() == 1 ? "" : slash == 0 ? "/" : path.substring(0, slash);
  }

  /**
   * Processor time used per second lately, in nanoseconds (a billionth of a core each): over ten
   * seconds, as the kubelet's, or as many as there are. Who scales by it is not to follow the whims
   * of one second. Empty while there is one reading only.
   */
  public Optional<Long> nanoCores() {
    return history.nanoCores();
  }
}
