package dev.jkubelet.runtime;

import dev.jkubelet.model.PodKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container inside the fake. */
final class FakeContainer {
  final String id;
  final ContainerType type;
  final PodKey pod;
  final String name;
  final int attempt;
  final String sandboxId;
  final String image;
  final FakeBehaviour behaviour;
  final Map<String, String> labels;
  private ContainerConfig.Resources resources;
  private final String ip;
  private final Instant createdAt;
  private ContainerState state = ContainerState.CREATED;
  private int exitCode;
  private boolean oomKilled;
  private String error = "";
  private Optional<Instant> startedAt = Optional.empty();
  private Optional<Instant> finishedAt = Optional.empty();

  FakeContainer(String id, SandboxConfig config, String ip, Instant now) {
    this.id = id;
    this.type = ContainerType.SANDBOX;
    this.pod = config.pod();
    this.name = "POD";
    this.attempt = config.attempt();
    this.sandboxId = "";
    this.image = config.image();
    this.behaviour = FakeBehaviour.runs();
    this.labels = config.labels();
    this.resources = new ContainerConfig.Resources(2, 0, 0, 0, -998);
    this.ip = config.namespaces().hostNetwork() ? "" : ip;
    this.createdAt = now;
  }

  FakeContainer(String id, ContainerConfig config, FakeBehaviour behaviour, Instant now) {
    this.id = id;
    this.type = ContainerType.CONTAINER;
    this.pod = config.pod();
    this.name = config.name();
    this.attempt = config.attempt();
    this.sandboxId = config.sandboxId();
    this.image = config.imageId();
    this.behaviour = behaviour;
    this.labels = config.labels();
    this.resources = config.resources();
    this.ip = "";
    this.createdAt = now;
  }

  boolean isLive() {
    return state == ContainerState.RUNNING;
  }

  /** By its name alone, or as {@code pod/name}. */
  boolean isCalled(String wanted) {
    return wanted.equals(name) || wanted.equals(pod.name() + "/" + name);
  }

  String dockerName() {
    return "k8s_%s_%s_%s_%s_%d".formatted(name, pod.name(), pod.namespace(), pod.uid(), attempt);
  }

  void update(ContainerConfig.Resources newer) {
    if (newer.memoryLimit() == 0 && resources.memoryLimit() != 0) {
      throw new EngineException.Refused("a memory limit can't be taken away", null);
    }
    resources = newer;
  }

  void run(Instant now) {
    state = ContainerState.RUNNING;
    error = "";
    startedAt = Optional.of(now);
    finishedAt = Optional.empty();
  }

  void failToStart(String message) {
    state = ContainerState.EXITED;
    exitCode = 127;
    error = message;
  }

  void end(int code, boolean byKernel, Instant now) {
    state = ContainerState.EXITED;
    exitCode = code;
    oomKilled = byKernel;
    finishedAt = Optional.of(now);
  }

  void blameKernel() {
    oomKilled = true;
  }

  ContainerSummary summary() {
    return new ContainerSummary(id, type, pod, name, attempt, sandboxId, state, createdAt);
  }

  ContainerInspection inspection(String imageName) {
    return new ContainerInspection(
        summary(),
        imageName,
        "docker://" + image,
        image,
        isLive() ? 4711 : 0,
        exitCode,
        oomKilled,
        error,
        startedAt,
        finishedAt,
        ip.isEmpty() ? List.of() : List.of(ip),
        Optional.empty(),
        Optional.empty(),
        resources,
        labels);
  }

  RuntimeEvent event(RuntimeEvent.Kind kind) {
    return new RuntimeEvent(kind, id, pod.uid(), name);
  }
}
