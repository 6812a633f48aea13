package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.pod.ContainerLife.Instance;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Observations in the words of the API.
 *
 * @param defaultWaiting the reason of a container that has not been tried yet
 * @param messageLimit bytes of a termination message that fit into the status
 */
record ContainerStatuses(String defaultWaiting, int messageLimit) {
  static final String OOM_KILLED = "OOMKilled";

  /** An app container's; it is ready when it runs and its probes agree. */
  ContainerStatus app(Container spec, ContainerObservation seen, Optional<ContainerStatus> last) {
    var status = common(spec, seen, last);
    boolean started = status.getState().getRunning() != null && seen.started();
    status.setStarted(started);
    status.setReady(started && seen.ready());
    return status;
  }

  /** An init container's; it is ready when it succeeded. */
  ContainerStatus init(Container spec, ContainerObservation seen, Optional<ContainerStatus> last) {
    var status = common(spec, seen, last);
    var terminated = status.getState().getTerminated();
    status.setReady(terminated != null && terminated.getExitCode() == 0);
    return status;
  }

  /** One that is never ready: nobody waits for it. */
  ContainerStatus ephemeral(
      Container spec, ContainerObservation seen, Optional<ContainerStatus> last) {
    var status = common(spec, seen, last);
    status.setReady(false);
    return status;
  }

  private ContainerStatus common(
      Container spec, ContainerObservation seen, Optional<ContainerStatus> last) {
    var status =
        seen.current()
            .map(current -> ofInstance(spec, current, seen.previous()))
            .orElseGet(() -> withoutInstance(spec, last));
    if (status.getState().getRunning() == null) {
      seen.waiting().ifPresent(waiting -> wait(status, waiting));
    }
    return status;
  }

  private ContainerStatus ofInstance(
      Container spec, Instance current, Optional<Instance> previous) {
    var inspection = current.inspection();
    var status = new ContainerStatusBuilder();
    if (PodContainers.isResizable(spec)) {
      status
          .withResources(Resize.told(spec, inspection.resources()))
          .withAllocatedResources(spec.getResources().getRequests());
    }
    return status
        .withName(spec.getName())
        .withState(state(current))
        .withLastState(
            previous.filter(Instance::dead).map(this::state).orElseGet(ContainerState::new))
        .withRestartCount(inspection.summary().attempt())
        .withImage(inspection.image())
        .withImageID(inspection.imageId())
        .withContainerID(id(current))
        .build();
  }

  /** An instance that ended and was removed since is still worth telling of. */
  private ContainerStatus withoutInstance(Container spec, Optional<ContainerStatus> last) {
    if (last.filter(l -> l.getState().getTerminated() != null).isPresent()) {
      return new ContainerStatusBuilder(last.get()).build();
    }
    return new ContainerStatusBuilder()
        .withName(spec.getName())
        .withState(waiting(new Waiting(defaultWaiting, null)))
        .withLastState(last.map(ContainerStatus::getLastState).orElseGet(ContainerState::new))
        .withRestartCount(last.map(ContainerStatus::getRestartCount).orElse(0))
        .withImage(spec.getImage())
        .withImageID("")
        .build();
  }

  private static void wait(ContainerStatus status, Waiting waiting) {
    if (status.getState().getTerminated() != null) {
      status.setLastState(status.getState());
    }
    status.setState(waiting(waiting));
  }

  private ContainerState state(Instance instance) {
    if (instance.dead()) {
      return terminated(instance);
    }
    return instance.live()
        ? new ContainerStateBuilder()
            .withNewRunning(
                instance.inspection().startedAt().map(ContainerStatuses::time).orElse(null))
            .build()
        : waiting(new Waiting(defaultWaiting, null));
  }

  private static ContainerState waiting(Waiting waiting) {
    return new ContainerStateBuilder().withNewWaiting(waiting.message(), waiting.reason()).build();
  }

  /** An instance that never started has neither begun nor ended; it is as old as it is. */
  private ContainerState terminated(Instance instance) {
    var inspection = instance.inspection();
    var created = inspection.summary().createdAt();
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(inspection.exitCode())
        .withReason(reason(instance))
        .withMessage(message(instance))
        .withStartedAt(time(inspection.startedAt().orElse(created)))
        .withFinishedAt(time(inspection.finishedAt().orElse(created)))
        .withContainerID(id(instance))
        .endTerminated()
        .build();
  }

  private static String reason(Instance instance) {
    var inspection = instance.inspection();
    if (inspection.finishedAt().isEmpty()) {
      return "ContainerCannotRun";
    }
    if (inspection.oomKilled()) {
      return OOM_KILLED;
    }
    return inspection.exitCode() == 0 ? "Completed" : "Error";
  }

  /** The engine's word and the container's own; null when neither said anything. */
  private String message(Instance instance) {
    var error = instance.inspection().error();
    var own = instance.terminationMessage().orElse("");
    var both = error + (error.isEmpty() || own.isEmpty() ? "" : ": ") + own;
    return both.isEmpty() ? null : truncated(both);
  }

  private String truncated(String text) {
    var bytes = ByteBuffer.allocate(messageLimit);
    var chars = CharBuffer.wrap(text);
    StandardCharsets.UTF_8.newEncoder().encode(chars, bytes, true);
    return chars.hasRemaining() ? text.substring(0, chars.position()) : text;
  }

  static String id(Instance instance) {
    return "docker://" + instance.id();
  }

  /** The API's times have whole seconds. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
