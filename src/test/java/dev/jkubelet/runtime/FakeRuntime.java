package dev.jkubelet.runtime;

import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An engine in memory that keeps the contract of {@link ContainerRuntime} and does to its callers
 * what tests ask for. Every call is done and answered at once, on the caller's thread, unless it
 * hangs; time is what the clock says, so a container that ignores SIGTERM is killed without anybody
 * waiting for its grace period.
 */
public final class FakeRuntime implements ContainerRuntime {
  /** A stop that was asked for. */
  public record Stop(String container, Duration grace) {}

  private record Script(Predicate<ContainerConfig> containers, FakeBehaviour behaviour) {}

  private final Clock clock;
  private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
  private final FakeImages images = new FakeImages();
  private final List<Script> scripts = new ArrayList<>();
  private final List<Stop> stops = new ArrayList<>();
  private final Map<String, Integer> maxLive = new HashMap<>();
  private final FakeFaults faults = new FakeFaults();
  private final FakeEvents events = new FakeEvents();
  private int ids;

  public FakeRuntime(Clock clock) {
    this.clock = clock;
  }

  /** Local and remote images, and what pulls meet. */
  public FakeImages imageStore() {
    return images;
  }

  /** A local image whose containers behave so. */
  public synchronized Image image(String reference, FakeBehaviour behaviour) {
    var image = images.add(reference);
    behaves(config -> config.imageId().equals(image.id()), behaviour);
    return image;
  }

  /** Decides for containers that are created from now on; the last word on a container wins. */
  public synchronized void behaves(Predicate<ContainerConfig> which, FakeBehaviour behaviour) {
    scripts.addFirst(new Script(which, behaviour));
  }

  /** Calls of the verb that match get no answer until the test gives one. */
  public FakeFaults.Hang hang(Verb verb, Predicate<FakeCall> which) {
    return faults.hang(call -> call.verb() == verb && which.test(call));
  }

  /** The next matching call fails and does nothing. */
  public void failNext(Verb verb, Predicate<FakeCall> which, EngineException failure) {
    faults.failNext(call -> call.verb() == verb && which.test(call), failure);
  }

  /** The engine goes away: calls fail and event streams end; containers live on. */
  public void down() {
    faults.down(true);
    events.endAll(new EngineException.Unavailable("the engine went away", null));
  }

  public void up() {
    faults.down(false);
  }

  public void eventMode(FakeEvents.Mode mode) {
    events.mode(mode);
  }

  /** Ends the live container of that name ({@code name} or {@code pod/name}) by itself. */
  public void exit(String name, int code) {
    change(
        () -> {
          var container = live(name);
          end(container, code, false);
          return container;
        });
  }

  /** Somebody kills the container, with {@code POD} also a sandbox. */
  public void kill(String name) {
    exit(name, 137);
  }

  /** The most containers of one name in one pod that ever lived at the same time; 1 is right. */
  public synchronized int maxLivePerName() {
    return maxLive.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  public List<FakeCall> calls() {
    return faults.received();
  }

  public synchronized List<Stop> stops() {
    return List.copyOf(stops);
  }

  @Override
  public CompletionStage<EngineInfo> info() {
    return faults.perform(
        FakeCall.plain(Verb.INFO),
        () ->
            new EngineInfo(
                "docker", "0", "1.41", Path.of("/fake"), "fake", "cgroupfs", 1, "json-file"));
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list() {
    return faults.perform(FakeCall.plain(Verb.LIST), () -> summaries(_ -> true));
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list(String podUid) {
    return faults.perform(
        new FakeCall(Verb.LIST, podUid, "", ""),
        () -> summaries(container -> container.pod.uid().equals(podUid)));
  }

  private synchronized List<ContainerSummary> summaries(Predicate<FakeContainer> which) {
    return containers.values().stream().filter(which).map(FakeContainer::summary).toList();
  }

  @Override
  public CompletionStage<ContainerInspection> inspect(String id) {
    return change(
        Verb.INSPECT,
        id,
        () -> {
          var container = existing(id);
          return container.inspection(images.nameOf(container.image));
        });
  }

  @Override
  public CompletionStage<String> runSandbox(SandboxConfig config) {
    var call = new FakeCall(Verb.RUN_SANDBOX, "", config.pod().name(), "POD");
    return change(
        call,
        () -> {
          images.addIfAbsent(config.image());
          var id = newId();
          var ip = "10.0.%d.%d".formatted(ids / 250, ids % 250 + 1);
          var made = new FakeContainer(id, config, ip, clock.instant());
          var sandbox = holder(made).orElse(made);
          if (sandbox == made) {
            add(made);
          }
          run(sandbox);
          return sandbox.id;
        });
  }

  @Override
  public CompletionStage<String> createContainer(ContainerConfig config) {
    return change(
        new FakeCall(Verb.CREATE, "", config.pod().name(), config.name()), () -> create(config));
  }

  private String create(ContainerConfig config) {
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

  @Override
  public CompletionStage<Void> start(String id) {
    return change(
        Verb.START,
        id,
        () -> {
          start(existing(id));
          return null;
        });
  }

  private void start(FakeContainer container) {
    var sandbox = containers.get(container.sandboxId);
    var prefix = "failed to start container \"" + container.id + "\": ";
    if (sandbox == null || !sandbox.isLive()) {
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

  @Override
  public CompletionStage<Void> stop(String id, Duration grace) {
    return change(
        Verb.STOP,
        id,
        () -> {
          var container = containers.get(id);
          if (container != null && container.isLive()) {
            stops.add(new Stop(container.name, grace));
            var byTerm = container.type == ContainerType.SANDBOX ? 0 : 143;
            end(container, container.behaviour.ignoresTerm() ? 137 : byTerm, false);
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Void> remove(String id) {
    return change(
        Verb.REMOVE,
        id,
        () -> {
          Optional.ofNullable(containers.get(id)).ifPresent(this::delete);
          return null;
        });
  }

  @Override
  public CompletionStage<Optional<Image>> image(String reference) {
    return faults.perform(FakeCall.ofImage(Verb.IMAGE, reference), () -> images.find(reference));
  }

  @Override
  public CompletionStage<List<Image>> images() {
    return faults.perform(FakeCall.plain(Verb.IMAGES), images::all);
  }

  @Override
  public CompletionStage<Image> pull(String reference, Optional<RegistryCredentials> credentials) {
    return faults.perform(FakeCall.ofImage(Verb.PULL, reference), () -> images.pull(reference));
  }

  @Override
  public AutoCloseable events(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    return events.open(onEvent, onEnd);
  }

  @Override
  public void close() {
    faults.down(true);
  }

  private <T> CompletionStage<T> change(Verb verb, String id, Supplier<T> act) {
    return change(call(verb, id), act);
  }

  private synchronized FakeCall call(Verb verb, String id) {
    return Optional.ofNullable(containers.get(id))
        .map(found -> new FakeCall(verb, id, found.pod.name(), found.name))
        .orElseGet(() -> new FakeCall(verb, id, "", ""));
  }

  private <T> CompletionStage<T> change(FakeCall call, Supplier<T> act) {
    return faults.perform(call, () -> change(act));
  }

  private <T> T change(Supplier<T> act) {
    try {
      synchronized (this) {
        return act.get();
      }
    } finally {
      events.deliver();
    }
  }

  private String newId() {
    ids++;
    return "%064x".formatted(ids);
  }

  private FakeContainer existing(String id) {
    return Optional.ofNullable(containers.get(id))
        .orElseThrow(() -> new EngineException.NotFound("No such container: " + id, null));
  }

  private Optional<FakeContainer> holder(FakeContainer wanted) {
    return containers.values().stream()
        .filter(container -> container.dockerName().equals(wanted.dockerName()))
        .findFirst();
  }

  private FakeContainer live(String name) {
    return containers.values().stream()
        .filter(FakeContainer::isLive)
        .filter(
            container ->
                container.name.equals(name)
                    || (container.pod.name() + "/" + container.name).equals(name))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no live container " + name + " among " + containers));
  }

  private void add(FakeContainer container) {
    containers.put(container.id, container);
    events.add(container.event(RuntimeEvent.Kind.CREATE));
  }

  private void run(FakeContainer container) {
    if (container.isLive()) {
      return;
    }
    container.run(clock.instant());
    var living =
        containers.values().stream()
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

  private void end(FakeContainer container, int code, boolean byKernel) {
    container.end(code, byKernel, clock.instant());
    if (byKernel) {
      events.add(container.event(RuntimeEvent.Kind.OOM));
    }
    events.add(container.event(RuntimeEvent.Kind.DIE));
  }

  private void delete(FakeContainer container) {
    if (container.isLive()) {
      end(container, 137, false);
    }
    containers.remove(container.id);
    events.add(container.event(RuntimeEvent.Kind.DESTROY));
  }
}
