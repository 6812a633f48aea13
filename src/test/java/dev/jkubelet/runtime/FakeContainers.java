package dev.jkubelet.runtime;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The fake's sandboxes and containers. Not thread-safe: {@link FakeRuntime} holds the lock. */
final class FakeContainers {
  private record Script(Predicate<ContainerConfig> containers, FakeBehaviour behaviour) {}

  private final Clock clock;
  private final FakeImages images;
  private final FakeEvents events;
  private final Map<String, FakeContainer> byId = new LinkedHashMap<>();
  private final List<Script> scripts = new ArrayList<>();
  private final Map<String, Integer> maxLive = new HashMap<>();
  private final List<ContainerSummary> made = new ArrayList<>();
  private final List<ContainerSummary> begun = new ArrayList<>();
  private int ids;

  FakeContainers(Clock clock, FakeImages images, FakeEvents events) {
    this.clock = clock;
    this.images = images;
    this.events = events;
  }

  void behaves(Predicate<ContainerConfig> which, FakeBehaviour behaviour) {
    scripts.addFirst(new Script(which, behaviour));
  }

  int maxLivePerName() {
    return maxLive.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  List<ContainerSummary> summaries(Predicate<FakeContainer> which) {
    return byId.values().stream().filter(which).map(FakeContainer::summary).toList();
  }

  List<ContainerSummary> made() {
    return List.copyOf(made);
  }

  List<ContainerSummary> begun() {
    return List.copyOf(begun);
  }

  Optional<FakeContainer> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  FakeContainer existing(String id) {
    return find(id)
        .orElseThrow(() -> new EngineException.NotFound("No such container: " + id, null));
  }

  FakeContainer running(String id) {
    var container = existing(id);
    if (!container.isLive()) {
      throw new EngineException.Conflict("container not running (" + id + ")", null);
    }
    return container;
  }

  FakeContainer live(String name) {
    return findLive(name)
        .orElseThrow(
            () ->
                new AssertionError("no live container " + name + " among " + summaries(_ -> true)));
  }

  Optional<FakeContainer> findLive(String name) {
    return byId.values().stream()
        .filter(FakeContainer::isLive)
        .filter(container -> container.isCalled(name))
        .findFirst();
  }

  String makeSandbox(SandboxConfig config) {
    if (images.find(config.image()).isEmpty()) {
      throw new EngineException.NotFound("No such image: " + config.image(), null);
    }
    var made = new FakeContainer(newId(), config, newIp(), clock.instant());
    var holder = holder(made);
    if (holder.isEmpty()) {
      add(made);
    }
    return holder.orElse(made).id;
  }

  String create(ContainerConfig config) {
    if (images.find(config.imageId()).isEmpty()) {
      throw new EngineException.NotFound("No such image: " + config.imageId(), null);
    }
    var made = new FakeContainer(newId(), config, behaviour(config), clock.instant());
    var holder = holder(made);
    if (holder.isPresent() && holder.get().sandboxId.equals(made.sandboxId)) {
      return holder.get().id;
    }
    if (holder.isPresent() && holder.get().isLive()) {
      throw new EngineException.Conflict(
          "Conflict. The container name \"" + made.dockerName() + "\" is already in use", null);
    }
    holder.ifPresent(this::delete);
    add(made);
    return made.id;
  }

  private FakeBehaviour behaviour(ContainerConfig config) {
    return scripts.stream()
        .filter(script -> script.containers().test(config))
        .findFirst()
        .map(Script::behaviour)
        .orElseGet(FakeBehaviour::runs);
  }

  void start(FakeContainer container) {
    var prefix = "failed to start container \"" + container.id + "\": ";
    if (!find(container.sandboxId).map(FakeContainer::isLive).orElse(false)) {
      throw new EngineException.Conflict(
          prefix + "cannot join network of a non running container", null);
    }
    if (container.behaviour.startFailure().isPresent()) {
      var message = container.behaviour.startFailure().get();
      container.failToStart(message);
      throw new EngineException.Refused(prefix + message, null);
    }
    run(container);
  }

  /** A sandbox's pause obeys with 0; a process that handles no signal ends with 128 + 15. */
  void stop(FakeContainer container) {
    var byTerm = container.type == ContainerType.SANDBOX ? 0 : 143;
    end(container, container.behaviour.ignoresTerm() ? 137 : byTerm, false);
  }

  void end(FakeContainer container, int code, boolean byKernel) {
    container.end(code, byKernel, clock.instant());
    if (byKernel) {
      events.add(container.event(RuntimeEvent.Kind.OOM));
    }
    events.add(container.event(RuntimeEvent.Kind.DIE));
  }

  void blameKernel(String name) {
    for (var container : byId.values()) {
      if (container.isCalled(name) && !container.isLive()) {
        container.blameKernel();
        events.add(container.event(RuntimeEvent.Kind.OOM));
      }
    }
  }

  void delete(FakeContainer container) {
    if (container.isLive()) {
      end(container, 137, false);
    }
    byId.remove(container.id);
    events.add(container.event(RuntimeEvent.Kind.DESTROY));
  }

  private String newId() {
    ids++;
    return "%064x".formatted(ids);
  }

  private String newIp() {
    return "10.0.%d.%d".formatted(ids / 250, ids % 250 + 1);
  }

  private Optional<FakeContainer> holder(FakeContainer wanted) {
    return byId.values().stream()
        .filter(container -> container.dockerName().equals(wanted.dockerName()))
        .findFirst();
  }

  private void add(FakeContainer container) {
    byId.put(container.id, container);
    made.add(container.summary());
    events.add(container.event(RuntimeEvent.Kind.CREATE));
  }

  void run(FakeContainer container) {
    if (container.isLive()) {
      return;
    }
    container.run(clock.instant());
    begun.add(container.summary());
    var living =
        byId.values().stream()
            .filter(other -> other.isLive() && other.pod.equals(container.pod))
            .filter(other -> other.name.equals(container.name))
            .count();
    maxLive.merge(container.pod + "/" + container.name, Math.toIntExact(living), Integer::max);
    events.add(container.event(RuntimeEvent.Kind.START));
    container
        .behaviour
        .exitsAtOnce()
        .ifPresent(code -> end(container, code, container.behaviour.oomKilled()));
  }

  boolean uses(String imageId) {
    return summaries(container -> container.image.equals(imageId)).size() > 0;
  }
}
