package dev.jkubelet.node.gc;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Removes images that no pod uses once their disk is too full, and all of them when it is told so.
 * The engine itself refuses to remove one that a container was made of.
 */
public final class GarbageCollector extends AbstractMatchingBehavior<GarbageCollector.Command> {
  /** What it can be told. */
  public sealed interface Command {}

  /** Remove every image that may be removed. */
  public record FreeAll(ActorRef<Done> replyTo) implements Command {}

  private record Looked(List<Image> images, List<PodSnapshot> pods, Optional<Level> disk)
      implements Command {}

  private record Removed(long wanted, long freed) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private enum Timer implements Command {
    ROUND
  }

  /** As often as the kubelet does. */
  static final Duration EVERY = Duration.ofMinutes(5);

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Settings settings;
  private final Machine machine;
  private final NodeEvents events;
  private final Clock clock;
  private final List<ActorRef<Done>> waiting = new ArrayList<>();
  private ImageRecords records = ImageRecords.NONE;
  private boolean busy;

  /**
   * When images are removed.
   *
   * @param high percents of the disk in use at which it begins; 100 for never
   * @param low percents at which it ends
   * @param minAge how long an image is spared that nobody has used yet
   */
  public record Settings(int high, int low, Duration minAge) {}

  /**
   * What it works with.
   *
   * @param sandboxImage always in use
   * @param disk how full the images' disk is, as far as that is known
   */
  public record Machine(
      ContainerRuntime runtime,
      String sandboxImage,
      ActorRef<NodeActor.Command> node,
      Supplier<CompletionStage<Optional<Level>>> disk) {}

  private GarbageCollector(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Settings settings,
      Machine machine,
      NodeEvents events,
      Clock clock) {
    super(context);
    context.setLoggerName(GarbageCollector.class);
    this.settings = settings;
    this.machine = machine;
    this.events = events;
    this.clock = clock;
    timers.startTimerAtFixedRate(Timer.ROUND, EVERY);
    look();
  }

  /** Looks at once, but removes nothing before images had their time. */
  public static Behavior<Command> create(
      Settings settings, Machine machine, NodeEvents events, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new GarbageCollector(context, timers, settings, machine, events, clock)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Timer _ -> look();
      case FreeAll(var replyTo) -> {
        waiting.add(replyTo);
        look();
      }
      case Looked(var images, var pods, var disk) -> collect(images, pods, disk);
      case Removed(var wanted, var freed) -> {
        if (wanted != Long.MAX_VALUE && freed < wanted) {
          events.record(
              "Warning",
              "FreeDiskSpaceFailed",
              "failed to garbage collect required amount of images. Wanted to free %d bytes, but freed %d bytes"
                  .formatted(wanted, freed));
        }
        end();
      }
      case Failed(var cause) -> {
        getContext().getLog().warn("images are not looked at now: {}", cause.toString());
        end();
      }
    }
    return this;
  }

  private void look() {
    if (busy) {
      return;
    }
    busy = true;
    var pods =
        AskPattern.<NodeActor.Command, List<PodSnapshot>>ask(
            machine.node(), NodeActor.GetPods::new, ANSWER, getContext().getSystem().scheduler());
    getContext()
        .pipeToSelf(
            machine
                .runtime()
                .images()
                .thenCombine(pods, (images, all) -> new Looked(images, all, Optional.empty()))
                .thenCombine(
                    machine.disk().get(),
                    (looked, disk) -> new Looked(looked.images(), looked.pods(), disk)),
            (looked, failure) -> failure == null ? looked : new Failed(failure));
  }

  private void collect(List<Image> images, List<PodSnapshot> pods, Optional<Level> disk) {
    var now = clock.instant();
    records = records.seen(images, used(images, pods), now);
    long wanted = waiting.isEmpty() ? disk.map(this::tooMuch).orElse(0L) : Long.MAX_VALUE;
    if (wanted <= 0) {
      end();
      return;
    }
    var victims = records.toFree(wanted, settings.minAge(), now);
    getContext().getLog().info("removing {} images that nobody uses", victims.size());
    getContext()
        .pipeToSelf(
            remove(victims),
            (freed, failure) -> failure == null ? new Removed(wanted, freed) : new Failed(failure));
  }

  /**
   * Bytes to free until the disk is as empty as it is to be; 0 or less while it is not too full.
   */
  private long tooMuch(Level disk) {
    long free = Math.min(disk.available(), disk.capacity());
    long percent = disk.capacity() == 0 ? 0 : 100 - free * 100 / disk.capacity();
    return percent < settings.high() || settings.high() == 100
        ? 0
        : disk.capacity() * (100 - settings.low()) / 100 - free;
  }

  /** One after the other; what the engine refuses is in use. */
  private CompletionStage<Long> remove(List<Image> victims) {
    CompletionStage<Long> freed = CompletableFuture.completedStage(0L);
    for (var victim : victims) {
      freed =
          freed.thenCompose(
              sum ->
                  machine
                      .runtime()
                      .removeImage(victim)
                      .handle((_, failure) -> failure == null ? sum + victim.size() : sum));
    }
    return freed;
  }

  /** Those of the instances that the pods know, by id, tag or digest, and of pods yet to start. */
  private Set<String> used(List<Image> images, List<PodSnapshot> pods) {
    var references = new HashSet<String>();
    references.add(machine.sandboxImage());
    for (var pod : pods) {
      pod.containers()
          .values()
          .forEach(
              container ->
                  Stream.concat(container.current().stream(), container.previous().stream())
                      .forEach(instance -> references.add(bare(instance.imageId()))));
      pod.pod().getSpec().getContainers().forEach(c -> references.add(c.getImage()));
    }
    var used = new HashSet<String>();
    for (var image : images) {
      if (Stream.of(Stream.of(image.id()), image.tags().stream(), image.digests().stream())
          .flatMap(names -> names)
          .anyMatch(references::contains)) {
        used.add(image.id());
      }
    }
    return used;
  }

  /** Without {@code docker://} or {@code docker-pullable://}. */
  private static String bare(String imageId) {
    return imageId.substring(imageId.indexOf("://") < 0 ? 0 : imageId.indexOf("://") + 3);
  }

  private void end() {
    busy = false;
    waiting.forEach(one -> one.tell(Done.getInstance()));
    waiting.clear();
  }
}
