package dev.jkubelet.node.source;

import dev.jkubelet.cluster.Follower;
import dev.jkubelet.cluster.Following;
import dev.jkubelet.cluster.PodsApi;
import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.mirror.MirrorPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The pods that the API server has bound to this node. Nothing is sent before it has told of all;
 * while it is away, what it said last stands. Mirror pods are kept apart: they stand for static
 * pods and are never run.
 */
public final class ApiServerPods extends AbstractMatchingBehavior<ApiServerPods.Command> {
  /** What the actor is told; all of it by itself. */
  public sealed interface Command {}

  private enum News implements Command {
    CHANGED,
    PAUSE_OVER
  }

  /**
   * A pod and what is made of it.
   *
   * @param given as the API server has it
   * @param own with the annotations of a kubelet's source
   */
  private record Adopted(Pod given, Pod own) {}

  private static final String SOURCE = "api";

  /** A burst of changes counts as one after this long. */
  static final Duration PAUSE = Duration.ofMillis(50);

  private final TimerScheduler<Command> timers;
  private final Clock clock;
  private final ActorRef<NodeActor.SetPods> sink;
  private final ActorRef<MirrorPods.SetMirrors> mirrors;
  private final FollowedPods followed;
  private final Following following;
  private Map<String, Adopted> adopted = Map.of();
  private boolean pausing;
  private boolean news;

  private ApiServerPods(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PodsApi pods,
      Follower<Pod> alsoTold,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink,
      ActorRef<MirrorPods.SetMirrors> mirrors) {
    super(context);
    this.timers = timers;
    this.clock = clock;
    this.sink = sink;
    this.mirrors = mirrors;
    var self = context.getSelf();
    this.followed = new FollowedPods(() -> self.tell(News.CHANGED), alsoTold);
    this.following = pods.follow(followed);
  }

  /**
   * Follows the API server's pods from now on.
   *
   * @param alsoTold hears of every pod as it is, mirror pods among them, so that one watch is
   *     enough for all
   * @param mirrors hears of the whole set of mirror pods
   */
  public static Behavior<Command> create(
      PodsApi pods,
      Follower<Pod> alsoTold,
      Clock clock,
      ActorRef<NodeActor.SetPods> sink,
      ActorRef<MirrorPods.SetMirrors> mirrors) {
    return Behaviors.setup(
        context -> {
          context.setLoggerName(ApiServerPods.class);
          return Behaviors.withTimers(
              timers -> new ApiServerPods(context, timers, pods, alsoTold, clock, sink, mirrors));
        });
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case News what -> {
        switch (what) {
          case CHANGED -> news = true;
          case PAUSE_OVER -> pausing = false;
        }
      }
    }
    if (news && !pausing) {
      news = false;
      pausing = true;
      timers.startSingleTimer(News.PAUSE_OVER, News.PAUSE_OVER, PAUSE);
      followed.take().ifPresent(this::send);
    }
    return this;
  }

  private void send(List<Pod> all) {
    var byKind = all.stream().collect(Collectors.partitioningBy(MirrorPods::isMirror));
    var next = new HashMap<String, Adopted>();
    var pods = byKind.get(false).stream().map(pod -> adopt(pod, next)).toList();
    adopted = Map.copyOf(next);
    sink.tell(new NodeActor.SetPods(SOURCE, pods));
    mirrors.tell(new MirrorPods.SetMirrors(byKind.get(true)));
  }

  /** The same instance as long as nothing changes, and the same first sight in all versions. */
  private Pod adopt(Pod pod, Map<String, Adopted> next) {
    var uid = pod.getMetadata().getUid();
    var last = adopted.get(uid);
    var own =
        last != null && last.given().equals(pod)
            ? last.own()
            : annotated(pod, last == null ? StaticPod.time(clock.instant()) : seen(last.own()));
    next.put(uid, new Adopted(pod, own));
    return own;
  }

  private static Pod annotated(Pod pod, String seen) {
    return new PodBuilder(pod)
        .editMetadata()
        .addToAnnotations(StaticPod.CONFIG_SEEN, seen)
        .addToAnnotations(StaticPod.CONFIG_SOURCE, SOURCE)
        .endMetadata()
        .build();
  }

  private static String seen(Pod pod) {
    return pod.getMetadata().getAnnotations().get(StaticPod.CONFIG_SEEN);
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop || signal instanceof PreRestart) {
      following.close();
    }
    return this;
  }
}
