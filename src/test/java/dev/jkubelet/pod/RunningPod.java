package dev.jkubelet.pod;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A pod's actor at work on a {@link FakeMachine}, hearing of the engine's events. */
final class RunningPod {
  static final String UID = "uid-web";

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofMillis(50);

  private final FakeMachine machine;
  private final TestProbe<PodSnapshot> snapshots;
  private final ActorRef<PodActor.Command> actor;
  private final List<PodStatus> history = new ArrayList<>();

  private RunningPod(FakeMachine machine, ContainerRuntime runtime, Pod pod) {
    this.machine = machine;
    this.snapshots = machine.kit().createTestProbe();
    var services = machine.services(runtime);
    this.actor = machine.kit().spawn(PodActor.create(pod, services, snapshots.getRef()));
    machine.engine().events(this::hint, _ -> {});
  }

  /** Begins to run a pod called {@code web} with that spec. */
  static RunningPod start(FakeMachine machine, String spec) {
    return start(machine, machine.engine(), spec);
  }

  /** The same with another way to the engine. */
  static RunningPod start(FakeMachine machine, ContainerRuntime runtime, String spec) {
    return new RunningPod(machine, runtime, FakeMachine.pod("web", UID, spec));
  }

  /** The same for a new agent, to which the API server tells what the last one told it. */
  static RunningPod adopt(FakeMachine machine, String spec, PodStatus told) {
    var pod = FakeMachine.pod("web", UID, spec);
    pod.setStatus(told);
    return new RunningPod(machine, machine.engine(), pod);
  }

  private void hint(RuntimeEvent event) {
    if (event.podUid().equals(UID)) {
      actor.tell(new PodActor.EngineHint(event));
    }
  }

  /** The engine's list comes by. */
  void relist() {
    actor.tell(new PodActor.Relisted(listed()));
  }

  /** The agent ends, and nothing else does. */
  void abandon() {
    machine.kit().stop(actor);
  }

  /** The same pod is to be so. */
  void desire(String spec) {
    actor.tell(new PodActor.Desire(FakeMachine.pod("web", UID, spec)));
  }

  /** Objects it refers to are others than they were. */
  void objectsChanged() {
    actor.tell(new PodActor.ObjectsChanged());
  }

  /** The node needs what it takes. */
  void evict(String message, Duration grace) {
    actor.tell(new PodActor.Evict("Evicted", message, grace));
  }

  /** Nobody wants the pod any more. */
  void terminate() {
    actor.tell(new PodActor.Terminate());
  }

  /** The same, with that much time. */
  void terminate(Duration grace) {
    actor.tell(new PodActor.Terminate(Optional.of(grace)));
  }

  void awaitEnd() {
    expectEnd(PATIENCE);
  }

  void expectEnd(Duration within) {
    snapshots.expectTerminated(actor, within);
  }

  /** All statuses until now, oldest first. */
  List<PodStatus> history() {
    return List.copyOf(history);
  }

  PodStatus status() {
    return history.getLast();
  }

  /** The status, as soon as it is of that kind. */
  PodStatus await(Predicate<PodStatus> wanted) {
    while (history.isEmpty() || !wanted.test(history.getLast())) {
      receive();
    }
    return history.getLast();
  }

  private void receive() {
    try {
      history.add(snapshots.receiveMessage(PATIENCE).pod().getStatus());
    } catch (AssertionError silence) {
      throw new AssertionError(
          "the status stays " + (history.isEmpty() ? "unknown" : history.getLast()), silence);
    }
  }

  PodStatus awaitPhase(String phase) {
    return await(status -> phase.equals(status.getPhase()));
  }

  ContainerStatus awaitContainer(String name, Predicate<ContainerStatus> wanted) {
    return of(await(status -> wanted.test(of(status, name))), name);
  }

  ContainerStatus awaitRunning(String name, int restarts) {
    return awaitContainer(
        name, c -> c.getState().getRunning() != null && c.getRestartCount() == restarts);
  }

  ContainerStatus awaitWaiting(String name, String reason) {
    return awaitContainer(
        name,
        c ->
            c.getState().getWaiting() != null
                && reason.equals(c.getState().getWaiting().getReason()));
  }

  ContainerStatus awaitTerminated(String name) {
    return awaitContainer(name, c -> c.getState().getTerminated() != null);
  }

  /** The status of that container now. */
  ContainerStatus container(String name) {
    return of(status(), name);
  }

  static ContainerStatus of(PodStatus status, String name) {
    return Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
        .filter(c -> c.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Nothing changes by itself. */
  void expectQuiet() {
    snapshots.expectNoMessage(QUIET);
  }

  /** What the engine has of the pod. */
  List<ContainerSummary> listed() {
    return machine.engine().list(UID).toCompletableFuture().join();
  }

  /** The app and init containers, sandboxes left out. */
  List<ContainerSummary> instances() {
    return listed().stream().filter(s -> s.type() == ContainerType.CONTAINER).toList();
  }

  List<ContainerSummary> sandboxes() {
    return listed().stream().filter(s -> s.type() == ContainerType.SANDBOX).toList();
  }
}
