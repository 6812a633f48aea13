package dev.jkubelet.node.registration;

import dev.jkubelet.node.pressure.NodePressures;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The conditions that a kubelet sets, in its order and words; those of others stay where they are.
 *
 * @param all with ours brought up to date
 * @param changes what an event tells of, such as {@code NodeReady}
 */
record NodeConditions(List<NodeCondition> all, List<String> changes) {
  /**
   * From what was told until now.
   *
   * @param problems why the node is not ready; empty when it is
   */
  static NodeConditions of(
      List<NodeCondition> before, NodePressures pressures, List<String> problems, Instant now) {
    var conditions =
        new NodeConditions(new ArrayList<>(before == null ? List.of() : before), new ArrayList<>());
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (var pressure : Pressure.values()) {
      conditions.set(pressure.type, time, old -> pressure.next(old, pressures, conditions.changes));
    }
    conditions.set("Ready", time, old -> ready(old, problems, conditions.changes));
    return new NodeConditions(List.copyOf(conditions.all), List.copyOf(conditions.changes));
  }

  private enum Pressure {
    MEMORY(
        "MemoryPressure",
        "HasInsufficientMemory",
        "kubelet has insufficient memory available",
        "HasSufficientMemory",
        "kubelet has sufficient memory available"),
    DISK(
        "DiskPressure",
        "HasDiskPressure",
        "kubelet has disk pressure",
        "HasNoDiskPressure",
        "kubelet has no disk pressure"),
    PID(
        "PIDPressure",
        "HasInsufficientPID",
        "kubelet has insufficient PID available",
        "HasSufficientPID",
        "kubelet has sufficient PID available");

    private final String type;
    private final String under;
    private final String underMessage;
    private final String free;
    private final String freeMessage;

    Pressure(String type, String under, String underMessage, String free, String freeMessage) {
      this.type = type;
      this.under = under;
      this.underMessage = underMessage;
      this.free = free;
      this.freeMessage = freeMessage;
    }

    /** Reason and message change with the status alone. */
    NodeCondition next(NodeCondition old, NodePressures pressures, List<String> changes) {
      boolean pressed =
          switch (this) {
            case MEMORY -> pressures.memory();
            case DISK -> pressures.disk();
            case PID -> pressures.pid();
          };
      var status = pressed ? "True" : "False";
      if (status.equals(old.getStatus())) {
        return old;
      }
      var name = pressed ? under : free;
      changes.add("Node" + name);
      return new NodeConditionBuilder(old)
          .withStatus(status)
          .withReason("Kubelet" + name)
          .withMessage(pressed ? underMessage : freeMessage)
          .build();
    }
  }

  private static NodeCondition ready(
      NodeCondition old, List<String> problems, List<String> changes) {
    var status = problems.isEmpty() ? "True" : "False";
    if (old.getStatus() != null && !old.getStatus().equals(status)) {
      changes.add(problems.isEmpty() ? "NodeReady" : "NodeNotReady");
    }
    return new NodeConditionBuilder(old)
        .withStatus(status)
        .withReason(problems.isEmpty() ? "KubeletReady" : "KubeletNotReady")
        .withMessage(problems.isEmpty() ? "kubelet is posting ready status" : aggregate(problems))
        .build();
  }

  /** As Go prints an aggregate of errors. */
  private static String aggregate(List<String> problems) {
    return problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]";
  }

  private void set(String type, String time, UnaryOperator<NodeCondition> change) {
    int at = 0;
    while (at < all.size() && !type.equals(all.get(at).getType())) {
      at++;
    }
    var old = at < all.size() ? all.get(at) : new NodeConditionBuilder().withType(type).build();
    var next = change.apply(old);
    boolean same = next.getStatus().equals(old.getStatus());
    var told =
        new NodeConditionBuilder(next)
            .withLastHeartbeatTime(time)
            .withLastTransitionTime(same ? old.getLastTransitionTime() : time)
            .build();
    if (at < all.size()) {
      all.set(at, told);
    } else {
      all.add(told);
    }
  }
}
