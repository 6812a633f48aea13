package dev.jkubelet.runtime;

import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
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

  private final FakeImages images = new FakeImages();
  private final List<Stop> stops = new ArrayList<>();
  private final List<ContainerConfig> configs = new ArrayList<>();
  private final List<FakeProcess> processes = new ArrayList<>();
  private final Set<String> unhealthy = ConcurrentHashMap.newKeySet();
  private final FakeFaults faults = new FakeFaults();
  private final FakeEvents events = new FakeEvents();
  private final FakeContainers containers;
  private final Map<Integer, Integer> listeners = new HashMap<>();

  public FakeRuntime(Clock clock) {
    this.containers = new FakeContainers(clock, images, events);
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
    containers.behaves(which, behaviour);
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
          containers.end(containers.live(name), code, false);
          return null;
        });
  }

  /** The same, if there is one. */
  public void exitIfLive(String name, int code) {
    change(
        () -> {
          containers.findLive(name).ifPresent(container -> containers.end(container, code, false));
          return null;
        });
  }

  /** Somebody kills the container, with {@code POD} also a sandbox. */
  public void kill(String name) {
    exit(name, 137);
  }

  /** What is said late of the dead of that name: that the kernel killed them for their memory. */
  public void blameKernel(String name) {
    change(
        () -> {
          containers.blameKernel(name);
          return null;
        });
  }

  /** The most containers of one name in one pod that ever lived at the same time; 1 is right. */
  public synchronized int maxLivePerName() {
    return containers.maxLivePerName();
  }

  /** Every sandbox and container that was ever made, as it was then, in order. */
  public synchronized List<ContainerSummary> made() {
    return containers.made();
  }

  /** Every one that was ever started, as it was then, in order. */
  public synchronized List<ContainerSummary> begun() {
    return containers.begun();
  }

  public List<FakeCall> calls() {
    return faults.received();
  }

  /** What the last container of that name was to be. */
  public synchronized ContainerConfig config(String container) {
    return configs.stream()
        .filter(config -> config.name().equals(container))
        .reduce((_, later) -> later)
        .orElseThrow();
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
    return containers.summaries(which);
  }

  @Override
  public CompletionStage<ContainerInspection> inspect(String id) {
    return change(
        Verb.INSPECT,
        id,
        () -> {
          var container = containers.existing(id);
          return container.inspection(images.nameOf(container.image));
        });
  }

  @Override
  public CompletionStage<String> runSandbox(SandboxConfig config, Consumer<String> made) {
    return change(
            new FakeCall(Verb.RUN_SANDBOX, "", config.pod().name(), "POD"),
            () -> containers.makeSandbox(config))
        .thenCompose(
            id -> {
              made.accept(id);
              return change(
                  new FakeCall(Verb.START_SANDBOX, id, config.pod().name(), "POD"),
                  () -> {
                    containers.run(containers.existing(id));
                    return id;
                  });
            });
  }

  @Override
  public CompletionStage<String> createContainer(ContainerConfig config) {
    return change(
        new FakeCall(Verb.CREATE, "", config.pod().name(), config.name()),
        () -> {
          configs.add(config);
          return containers.create(config);
        });
  }

  @Override
  public CompletionStage<Void> start(String id) {
    return change(
        Verb.START,
        id,
        () -> {
          containers.start(containers.existing(id));
          return null;
        });
  }

  @Override
  public CompletionStage<Void> update(String id, ContainerConfig.Resources resources) {
    return change(
        Verb.UPDATE,
        id,
        () -> {
          containers.existing(id).update(resources);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> stop(String id, Duration grace) {
    return change(
        Verb.STOP,
        id,
        () -> {
          containers
              .find(id)
              .filter(FakeContainer::isLive)
              .ifPresent(
                  container -> {
                    stops.add(new Stop(container.name, grace));
                    containers.stop(container);
                  });
          return null;
        });
  }

  @Override
  public CompletionStage<Void> remove(String id) {
    return change(
        Verb.REMOVE,
        id,
        () -> {
          containers.find(id).ifPresent(containers::delete);
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
  public CompletionStage<Void> removeImage(Image image) {
    return change(
        FakeCall.ofImage(Verb.REMOVE_IMAGE, image.id()),
        () -> {
          if (containers.uses(image.id())) {
            throw new EngineException.Conflict("image is being used: " + image.id(), null);
          }
          images.remove(image.id());
          return null;
        });
  }

  @Override
  public CompletionStage<Image> pull(
      String reference,
      Optional<RegistryCredentials> credentials,
      Consumer<PullProgress> listener) {
    return faults.perform(FakeCall.ofImage(Verb.PULL, reference), () -> images.pull(reference));
  }

  /** What the command {@code is healthy} says in containers of that name from now on. */
  public void healthy(String container, boolean healthy) {
    if (healthy) {
      unhealthy.remove(container);
    } else {
      unhealthy.add(container);
    }
  }

  /** How many commands were run. */
  public synchronized int commands() {
    return processes.size();
  }

  /** How many processes of exec somebody holds the streams of. */
  public synchronized long heldProcesses() {
    return processes.stream().filter(process -> !process.isClosed()).count();
  }

  /** See {@link FakeProcess} for the commands it knows. */
  @Override
  public CompletionStage<ProcessStreams> exec(
      String id, List<String> command, StandardStreams streams) {
    return change(
        Verb.EXEC,
        id,
        () -> {
          var container = containers.running(id);
          boolean ill = unhealthy.contains(container.name) && command.contains("healthy");
          var process = new FakeProcess(ill ? List.of("says", "unhealthy", "", "1") : command);
          processes.add(process);
          return process;
        });
  }

  /** The container echoes what it reads. */
  @Override
  public CompletionStage<ProcessStreams> attach(String id, StandardStreams streams) {
    return change(
        Verb.ATTACH,
        id,
        () -> {
          containers.running(id);
          return FakeProcess.attached();
        });
  }

  /** Somebody listens on a port of every pod: who is behind this port of the test's own. */
  public synchronized void listens(int port, int localPort) {
    listeners.put(port, localPort);
  }

  /** Elsewhere nobody listens. */
  @Override
  public CompletionStage<PodConnection> connect(String sandboxId, int port) {
    return change(
        Verb.CONNECT,
        sandboxId,
        () -> {
          containers.running(sandboxId);
          if (listeners.containsKey(port)) {
            return LocalConnection.to(listeners.get(port));
          }
          throw new EngineException.Refused(
              "can't connect to 127.0.0.1:" + port + " in the pod: Connection refused", null);
        });
  }

  @Override
  public AutoCloseable events(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    if (faults.isDown()) {
      onEnd.accept(FakeFaults.unavailable());
      return () -> {};
    }
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
    return containers
        .find(id)
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
}
