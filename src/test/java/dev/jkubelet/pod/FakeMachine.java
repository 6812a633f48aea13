package dev.jkubelet.pod;

import dev.jkubelet.image.Images;
import dev.jkubelet.model.Allocatable;
import dev.jkubelet.model.manifest.PodDefaults;
import dev.jkubelet.probe.NetworkProbes;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.SandboxConfig.LogLimits;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.MovingClock;
import dev.jkubelet.volume.ContainerMounts;
import dev.jkubelet.volume.PodDns;
import dev.jkubelet.volume.PodFiles;
import dev.jkubelet.volume.PodVolumes;
import dev.jkubelet.volume.VolumeListener;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;

/**
 * What actors of pods need around them: engine and cgroups in memory, real files in a folder, and
 * one time, which passes only when it is told to, for clocks and timers alike.
 */
public final class FakeMachine implements AutoCloseable {
  /** An event of a pod. */
  public record Recorded(
      String pod, String container, String type, String reason, String message) {}

  private static final String INFRA_IMAGE = "pause:1";
  private static final Allocatable ALLOCATABLE = new Allocatable(2000, 8L << 30, 100L << 30);
  private static final Duration FILE_LIMIT = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(5);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final MovingClock clock = new MovingClock("2026-11-23T13:06:10Z");
  private final FakeRuntime engine = new FakeRuntime(clock);
  private final FakeCgroups cgroups = new FakeCgroups();
  private final FakePodObjects objects = new FakePodObjects();
  private final List<Recorded> events = new CopyOnWriteArrayList<>();
  private final AtomicReference<String> brokenEvent = new AtomicReference<>("");
  private final KubeletMetrics metrics = new KubeletMetrics("node1");
  private final BlockingCalls calls = new BlockingCalls(16);
  private final Path root;
  private boolean keepsVolumes;

  /** Keeps its files below that folder. */
  public FakeMachine(Path root) {
    this.root = root;
    engine.image(INFRA_IMAGE, FakeBehaviour.runs());
    engine.image("app:1", FakeBehaviour.runs());
    try {
      Files.writeString(root.resolve("hosts"), "127.0.0.1 localhost\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public ActorTestKit kit() {
    return kit;
  }

  public FakeRuntime engine() {
    return engine;
  }

  public FakeCgroups cgroups() {
    return cgroups;
  }

  /** What the API server would have of other objects. */
  FakePodObjects objects() {
    return objects;
  }

  public MovingClock clock() {
    return clock;
  }

  public Instant now() {
    return clock.instant();
  }

  /** {@code <root-dir>/pods/<uid>}. */
  public Path folder(String podUid) {
    return root.resolve("pods").resolve(podUid);
  }

  public List<Recorded> events() {
    return List.copyOf(events);
  }

  /** Whether pods keep their volumes until they are deleted, rather than until they are over. */
  void keepVolumes(boolean keep) {
    keepsVolumes = keep;
  }

  /** A bug: whoever records an event of that reason next gets an exception, once. */
  public void breakNextEvent(String reason) {
    brokenEvent.set(reason);
  }

  private void record(Recorded event) {
    if (brokenEvent.compareAndSet(event.reason(), "")) {
      throw new IllegalStateException("a bug in the event " + event);
    }
    events.add(event);
  }

  /** Lets time pass. */
  public void pass(Duration amount) {
    clock.move(amount);
    time.timePasses(amount);
  }

  /** Looks again and again, for some seconds, until the assertions hold. */
  public void eventually(Runnable assertions) {
    kit.createTestProbe()
        .awaitAssert(
            PATIENCE,
            LOOK,
            () -> {
              assertions.run();
              return null;
            });
  }

  /** What a pod's actors work with. */
  public PodServices services() {
    return services(engine);
  }

  /** The same with another way to the engine. */
  public PodServices services(ContainerRuntime runtime) {
    return new PodServices(
        runtime,
        new NetworkProbes(),
        new Images(runtime, 5, clock),
        new PodVolumes(root, objects, ALLOCATABLE, calls, FILE_LIMIT, VolumeListener.NONE),
        new PodFiles(
            new PodFiles.Places(
                root,
                root.resolve("log/pods"),
                root.resolve("log/containers"),
                root.resolve("hosts")),
            "node1",
            new PodDns(
                Optional.empty(), List.of("10.0.0.10"), "cluster.local", List.of("192.0.2.1")),
            calls,
            FILE_LIMIT,
            clock),
        new ContainerMounts(root, calls, FILE_LIMIT)::of,
        cgroups,
        metrics,
        (pod, container, type, reason, message) ->
            record(new Recorded(pod.getMetadata().getName(), container, type, reason, message)),
        objects,
        Spans.NONE,
        clock,
        new PodServices.Settings(
            "node1",
            Optional.of("192.0.2.1"),
            INFRA_IMAGE,
            new LogLimits(10 << 20, 5),
            true,
            8L << 30,
            ALLOCATABLE,
            keepsVolumes,
            root.resolve("seccomp")));
  }

  /**
   * A pod of namespace {@code golden} with the API's defaults.
   *
   * @param spec in YAML
   */
  public static Pod pod(String name, String uid, String spec) {
    return PodDefaults.apply(
        Specs.parse(
            Pod.class,
            "metadata: {name: %s, namespace: golden, uid: %s}%nspec: %s"
                .formatted(name, uid, spec)));
  }

  /** Ends when nothing is done in its folder any more: somebody is about to remove it. */
  @Override
  public void close() {
    kit.shutdownTestKit();
    for (int quiet = 0; quiet < 3; quiet++) {
      if (calls.running() + calls.waiting() > 0) {
        quiet = 0;
      }
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
    }
  }
}
