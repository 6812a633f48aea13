package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.RuntimeEvent;
import java.util.List;
import java.util.Optional;

/**
 * Which of the engine's hints tell a container something it does not know. A hint too many costs
 * one look; one too few waits for the relist.
 */
final class Hints {
  private Hints() {}

  static boolean ends(RuntimeEvent event) {
    return switch (event.kind()) {
      case DIE, OOM, DESTROY -> true;
      case CREATE, START -> false;
    };
  }

  static boolean worthALook(RuntimeEvent event, ContainerLife life) {
    boolean current = is(event.containerId(), life.current());
    boolean live = life.current().map(Instance::live).orElse(false);
    return switch (event.kind()) {
      case DIE -> current && live;
      case OOM ->
          isUnaware(event.containerId(), life.current())
              || isUnaware(event.containerId(), life.previous());
      case START -> current ? !live : !is(event.containerId(), life.previous());
      case CREATE -> false;
      case DESTROY -> current;
    };
  }

  /**
   * Whether the list shows another state of the current instance, or one that should be known or
   * not be. The dead before the previous one are kept for their logs.
   */
  static boolean worthALook(List<ContainerSummary> listed, ContainerLife life) {
    boolean surprise =
        listed.stream()
            .anyMatch(
                s ->
                    is(s.id(), life.current())
                        ? s.state() != life.current().orElseThrow().inspection().state()
                        : !is(s.id(), life.previous()) && (live(s) || !isOld(s, life)));
    boolean missing =
        life.current().isPresent() && listed.stream().noneMatch(s -> is(s.id(), life.current()));
    return surprise || missing || awaitsEngine(life);
  }

  /**
   * The engine just answered a list: no need to wait out a back-off that was the engine's fault.
   */
  private static boolean awaitsEngine(ContainerLife life) {
    return life.setback().filter(s -> s.waiting().isEmpty()).isPresent();
  }

  private static boolean isOld(ContainerSummary listed, ContainerLife life) {
    return life.current()
        .filter(current -> listed.attempt() < current.inspection().summary().attempt())
        .isPresent();
  }

  static boolean live(ContainerSummary summary) {
    return summary.state() == ContainerState.RUNNING || summary.state() == ContainerState.UNKNOWN;
  }

  /** Now and then the engine tells of the kernel's kill after the end that it caused. */
  private static boolean isUnaware(String id, Optional<Instance> instance) {
    return is(id, instance.filter(i -> !i.inspection().oomKilled()));
  }

  private static boolean is(String id, Optional<Instance> instance) {
    return instance.filter(i -> i.id().equals(id)).isPresent();
  }
}
