package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Outlook;
import dev.jkubelet.pod.Habitat.Ground;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a pod needs next, as the kubelet's computePodActions decides it: a pure function of what is
 * desired, known, and the time.
 */
final class PodSteps {
  private PodSteps() {}

  /** The next deed. */
  sealed interface Step {
    record Observe() implements Step {}

    /** Cgroup and volumes. */
    record SetUp() implements Step {}

    record StartSandbox(int attempt) implements Step {}

    /** All containers ended for good: the network is not needed any more. */
    record StopSandbox(String id) implements Step {}

    /** These may run now: ephemeral ones, sidecars, and the next init or all app containers. */
    record Run(List<String> names, Habitat habitat) implements Step {}

    /** These live and are to end: the others do so later, or are gone. */
    record Halt(List<String> names) implements Step {}

    /** The pod is over and its containers are dead: nobody uses the volumes any more. */
    record ReleaseVolumes() implements Step {}

    record Rest() implements Step {}

    record WaitUntil(Instant at) implements Step {}
  }

  static Step next(Pod pod, PodLife life, Instant now) {
    var pause = life.setback().filter(s -> now.isBefore(s.retryAt()));
    if (pause.isPresent()) {
      return new Step.WaitUntil(pause.get().retryAt());
    }
    if (!life.known()) {
      return new Step.Observe();
    }
    if (!all(pod).allMatch(c -> life.containers().containsKey(c.getName()))) {
      return new Step.Rest();
    }
    if (finished(pod, life)) {
      return end(pod, life);
    }
    if (life.lacksGround(now) || life.ground().filter(g -> !fits(g, pod, life)).isPresent()) {
      return new Step.SetUp();
    }
    var live = life.sandbox().filter(PodLife.Sandbox::live);
    if (live.isEmpty()) {
      return new Step.StartSandbox(life.nextAttempt());
    }
    return new Step.Run(runnable(pod, life, live.get().id()), life.habitat().orElseThrow());
  }

  /**
   * What can be made while its sandbox is still being started: whose turn comes first then, was
   * never there before, and does not ask for the pod's addresses.
   */
  static List<String> early(Pod pod, PodLife life, String sandboxId) {
    var turn = runnable(pod, life, sandboxId);
    return PodContainers.all(pod)
        .filter(c -> turn.contains(c.getName()) && current(life, c).isEmpty())
        .filter(c -> !DownwardFields.needsAddresses(c))
        .map(Container::getName)
        .toList();
  }

  /**
   * What a pod still needs that has succeeded or failed as a whole: never to run again.
   *
   * @param keepVolumes until the pod is deleted
   */
  static Step afterEnd(Pod pod, PodLife life, boolean keepVolumes, Instant now) {
    var pause = life.setback().filter(s -> now.isBefore(s.retryAt()));
    if (pause.isPresent()) {
      return new Step.WaitUntil(pause.get().retryAt());
    }
    if (!life.known()) {
      return new Step.Observe();
    }
    if (!life.seen(pod)) {
      return new Step.Rest();
    }
    var step = end(pod, life);
    return step instanceof Step.Rest && !keepVolumes && !life.withoutVolumes()
        ? new Step.ReleaseVolumes()
        : step;
  }

  /** It is made wider before a container is resized, and narrower afterwards. */
  private static boolean fits(Ground ground, Pod pod, PodLife life) {
    return ground.rooms().equals(Room.all(pod, life));
  }

  /** Sidecars outlive the others, and end in the reverse order in which they began. */
  private static Step end(Pod pod, PodLife life) {
    var sidecars = PodContainers.sidecars(pod);
    var others = all(pod).filter(c -> !sidecars.contains(c)).filter(c -> lives(life, c)).toList();
    if (!others.isEmpty()) {
      return new Step.Halt(others.stream().map(Container::getName).toList());
    }
    var last = sidecars.reversed().stream().filter(c -> lives(life, c)).findFirst();
    if (last.isPresent()) {
      return new Step.Halt(List.of(last.get().getName()));
    }
    return life.sandbox()
        .filter(PodLife.Sandbox::live)
        .<Step>map(s -> new Step.StopSandbox(s.id()))
        .orElseGet(Step.Rest::new);
  }

  /** An init container failed for good, or every app container ended for good. */
  static boolean finished(Pod pod, PodLife life) {
    boolean initFailed =
        PodContainers.onceInits(pod).stream().anyMatch(c -> outlook(life, c) == Outlook.FAILED);
    return initFailed
        || pod.getSpec().getContainers().stream()
            .map(c -> outlook(life, c))
            .allMatch(o -> o == Outlook.SUCCEEDED || o == Outlook.FAILED);
  }

  private static List<String> runnable(Pod pod, PodLife life, String sandboxId) {
    var apps = pod.getSpec().getContainers();
    boolean begun = apps.stream().anyMatch(c -> livesIn(life, c, sandboxId));
    var names = new ArrayList<String>();
    PodContainers.ephemerals(pod).forEach(container -> names.add(container.getName()));
    for (var init : inits(pod)) {
      boolean sidecar = PodContainers.isSidecar(init);
      boolean done = begun || (livesIn(life, init, sandboxId) && done(life, init, sidecar));
      if (sidecar || !done) {
        names.add(init.getName());
      }
      if (!done) {
        return names;
      }
    }
    apps.forEach(app -> names.add(app.getName()));
    return names;
  }

  /** What comes next need not wait for it: a sidecar has started, any other has succeeded. */
  private static boolean done(PodLife life, Container init, boolean sidecar) {
    var report = life.containers().get(init.getName());
    return sidecar
        ? report.outlook() == Outlook.RUNNING && report.health().started()
        : report.outlook() == Outlook.SUCCEEDED;
  }

  private static boolean lives(PodLife life, Container container) {
    return current(life, container).filter(Instance::live).isPresent();
  }

  /**
   * An app container in this sandbox proves that the init containers are done, even if they were
   * removed meanwhile.
   */
  private static boolean livesIn(PodLife life, Container container, String sandboxId) {
    return current(life, container).filter(i -> i.in(sandboxId)).isPresent();
  }

  private static Optional<Instance> current(PodLife life, Container container) {
    return Optional.ofNullable(life.containers().get(container.getName()))
        .flatMap(r -> r.life().current());
  }

  private static Outlook outlook(PodLife life, Container container) {
    var report = life.containers().get(container.getName());
    return report == null ? Outlook.UNSETTLED : report.outlook();
  }

  static List<Container> inits(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getInitContainers()).orElse(List.of());
  }

  static Stream<Container> all(Pod pod) {
    return PodContainers.everyone(pod);
  }
}
