package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.model.QosClass;
import dev.jkubelet.pod.ContainerSteps.Outlook;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the node tells of a pod, as the kubelet computes it. */
final class PodStatuses {
  /** Bytes of termination messages per pod, shared by its containers. */
  private static final int MESSAGES_LIMIT = 12 * 1024;

  private static final ContainerState LOST =
      new ContainerStateBuilder()
          .withNewTerminated()
          .withExitCode(137)
          .withReason("ContainerStatusUnknown")
          .withMessage("The container could not be located when the pod was terminated")
          .endTerminated()
          .build();

  private PodStatuses() {}

  /**
   * From what the actors know.
   *
   * @param last the status until now; null at first
   * @param verdict why the pod failed as a whole, whatever its containers do
   */
  static PodStatus of(
      Pod pod,
      PodLife life,
      PodStatus last,
      Optional<String> hostIp,
      Optional<Waiting> verdict,
      Instant now) {
    var seen =
        PodContainers.everyone(pod)
            .map(c -> observation(pod, c, life.containers().get(c.getName()), now))
            .toList();
    // As the kubelet, with the first container: of the address alone nobody need be told.
    var ips =
        life.sandbox()
            .filter(PodLife.Sandbox::live)
            .filter(_ -> seen.stream().anyMatch(c -> c.current().isPresent()))
            .map(PodLife.Sandbox::ips);
    return of(pod, seen, ips, Optional.ofNullable(last), hostIp, verdict, now);
  }

  /** The pod has succeeded or failed, and never runs again. */
  static boolean over(PodStatus status) {
    return status != null
        && ("Failed".equals(status.getPhase()) || "Succeeded".equals(status.getPhase()));
  }

  /** Over, and no container is left running: nothing can change any more. */
  static boolean settled(PodStatus status) {
    return over(status)
        && Stream.of(
                status.getInitContainerStatuses(),
                status.getContainerStatuses(),
                status.getEphemeralContainerStatuses())
            .flatMap(statuses -> orEmpty(statuses).stream())
            .noneMatch(PodStatuses::running);
  }

  /** The kubelet's last word on a pod whose containers are gone: one it missed has failed. */
  static PodStatus ended(PodStatus status) {
    return status == null
        ? null
        : new PodStatusBuilder(status)
            .withInitContainerStatuses(ended(status.getInitContainerStatuses()))
            .withContainerStatuses(ended(status.getContainerStatuses()))
            .withEphemeralContainerStatuses(ended(status.getEphemeralContainerStatuses()))
            .build();
  }

  private static List<ContainerStatus> ended(List<ContainerStatus> statuses) {
    return orEmpty(statuses).stream()
        .map(s -> running(s) ? new ContainerStatusBuilder(s).withState(LOST).build() : s)
        .toList();
  }

  private static boolean running(ContainerStatus status) {
    return status.getState() != null && status.getState().getRunning() != null;
  }

  /**
   * Our status with the conditions that only others set, such as readiness gates.
   *
   * @param own null when nothing was told yet
   * @param theirs as the API server has it; null from a manifest
   */
  static PodStatus withConditionsOfOthers(PodStatus own, PodStatus theirs) {
    if (own == null || theirs == null) {
      return own == null ? theirs : own;
    }
    return new PodStatusBuilder(own)
        .withConditions(
            Stream.concat(
                    PodConditions.ofOthers(orEmpty(theirs.getConditions())),
                    PodConditions.ours(orEmpty(own.getConditions())))
                .toList())
        .build();
  }

  /**
   * From observations.
   *
   * @param seen one for every container, init containers included
   * @param ips of the live sandbox; empty without one: the last ones are still told
   * @param verdict why the pod failed as a whole, whatever its containers do
   */
  static PodStatus of(
      Pod pod,
      List<ContainerObservation> seen,
      Optional<List<String>> ips,
      Optional<PodStatus> last,
      Optional<String> hostIp,
      Optional<Waiting> verdict,
      Instant now) {
    var before = last.orElseGet(PodStatus::new);
    var inits = inits(pod, seen, before);
    var apps = apps(pod, seen, before);
    var statuses =
        Stream.concat(inits.stream(), apps.stream())
            .collect(Collectors.toMap(ContainerStatus::getName, Function.identity()));
    var phase = phase(pod, statuses, before, verdict);
    boolean over = phase.text().equals(before.getPhase());
    var addresses = addresses(pod, ips, before, hostIp);
    var time = ContainerStatuses.time(now);
    return new PodStatusBuilder()
        .withPhase(phase.text())
        .withReason(verdict.map(Waiting::reason).orElse(over ? before.getReason() : null))
        .withMessage(verdict.map(Waiting::message).orElse(over ? before.getMessage() : null))
        .withConditions(
            new PodConditions(pod, phase, statuses).all(orEmpty(before.getConditions()), time))
        .withHostIP(hostIp.orElse(null))
        .withPodIP(addresses.stream().findFirst().orElse(null))
        .withPodIPs(addresses.stream().map(PodIP::new).toList())
        .withStartTime(before.getStartTime() == null ? time : before.getStartTime())
        .withInitContainerStatuses(inits)
        .withContainerStatuses(apps)
        .withEphemeralContainerStatuses(ephemerals(pod, seen, before))
        .withQosClass(QosClass.of(pod).text())
        .withResize(Resize.progress(pod, seen))
        .build();
  }

  /** One that is only made yet is nothing to tell of. */
  private static ContainerObservation observation(
      Pod pod, Container container, ContainerActor.Report report, Instant now) {
    if (report == null) {
      return new ContainerObservation(
          container.getName(), Optional.empty(), Optional.empty(), Optional.empty(), true, true);
    }
    var life = report.life();
    var crashLoop =
        life.backoff()
            .filter(_ -> report.outlook() == Outlook.BACKING_OFF)
            .map(
                backoff ->
                    new Waiting(
                        "CrashLoopBackOff", backoff.message(container.getName(), PodKey.of(pod))));
    return new ContainerObservation(
        container.getName(),
        life.current().filter(i -> i.begun() || life.previous().isPresent()),
        life.previous(),
        life.setback().flatMap(setback -> setback.waitingAt(now)).or(() -> crashLoop),
        report.health().started(),
        report.health().ready());
  }

  /** In the order of the spec. */
  private static List<ContainerStatus> inits(
      Pod pod, List<ContainerObservation> seen, PodStatus before) {
    var texts = texts(pod);
    return PodContainers.inits(pod).stream()
        .map(
            c -> {
              var last = last(before.getInitContainerStatuses(), c.getName());
              return PodContainers.isSidecar(c)
                  ? texts.app(c, find(seen, c), last)
                  : texts.init(c, find(seen, c), last);
            })
        .toList();
  }

  /** In the order of their names. */
  private static List<ContainerStatus> apps(
      Pod pod, List<ContainerObservation> seen, PodStatus before) {
    var texts = texts(pod);
    return PodContainers.apps(pod).stream()
        .map(c -> texts.app(c, find(seen, c), last(before.getContainerStatuses(), c.getName())))
        .sorted(Comparator.comparing(ContainerStatus::getName))
        .toList();
  }

  private static List<ContainerStatus> ephemerals(
      Pod pod, List<ContainerObservation> seen, PodStatus before) {
    var texts = texts(pod);
    return PodContainers.ephemerals(pod).stream()
        .map(
            c ->
                texts.ephemeral(
                    c, find(seen, c), last(before.getEphemeralContainerStatuses(), c.getName())))
        .toList();
  }

  private static ContainerStatuses texts(Pod pod) {
    return new ContainerStatuses(
        PodContainers.inits(pod).isEmpty() ? "ContainerCreating" : "PodInitializing",
        MESSAGES_LIMIT / Math.max(1, (int) PodContainers.all(pod).count()));
  }

  private static ContainerObservation find(List<ContainerObservation> seen, Container container) {
    return seen.stream()
        .filter(s -> s.name().equals(container.getName()))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<ContainerStatus> last(List<ContainerStatus> statuses, String name) {
    return orEmpty(statuses).stream().filter(s -> s.getName().equals(name)).findFirst();
  }

  /** Who has ended never begins again. */
  private static PodPhase phase(
      Pod pod, Map<String, ContainerStatus> statuses, PodStatus before, Optional<Waiting> verdict) {
    return switch (before.getPhase()) {
      case "Failed" -> PodPhase.FAILED;
      case "Succeeded" -> PodPhase.SUCCEEDED;
      case null, default -> verdict.isPresent() ? PodPhase.FAILED : PodPhase.of(pod, statuses);
    };
  }

  private static List<String> addresses(
      Pod pod, Optional<List<String>> ips, PodStatus before, Optional<String> hostIp) {
    if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return hostIp.stream().toList();
    }
    return ips.orElseGet(() -> orEmpty(before.getPodIPs()).stream().map(PodIP::getIp).toList());
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
