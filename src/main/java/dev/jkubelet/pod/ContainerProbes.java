package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Wish;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The probes of a container's running instance, and what they have found. */
final class ContainerProbes {
  private final ActorContext<ContainerActor.Command> context;
  private final ActorRef<ProbeActor.Verdict> verdicts;
  private final Map<ProbeKind, ActorRef<ProbeActor.Command>> running =
      new EnumMap<>(ProbeKind.class);
  private boolean begun;
  private boolean adopted;
  private Optional<String> instance = Optional.empty();
  private Health health = Health.UNPROBED;
  private Optional<Unhealthy> unhealthy = Optional.empty();
  private int spawned;

  ContainerProbes(ActorContext<ContainerActor.Command> context) {
    this.context = context;
    this.verdicts = context.messageAdapter(ProbeActor.Verdict.class, ContainerNews.Probed::new);
  }

  Health health() {
    return health;
  }

  /** Of the instance that runs, if it has to be ended for its own fault. */
  Optional<Unhealthy> unhealthy() {
    return unhealthy;
  }

  /** A verdict came; whether it is news. */
  boolean heard(ProbeActor.Verdict verdict, ContainerCalls calls) {
    var kind = verdict.kind();
    if (!instance.equals(Optional.of(verdict.containerId()))) {
      return false;
    }
    if (!verdict.success() && kind != ProbeKind.READINESS) {
      unhealthy = Optional.of(new Unhealthy(instance.get(), kind, grace(kind, calls)));
      stop(kind);
      return true;
    }
    var next = health.after(kind, verdict.success());
    boolean news = !next.equals(health);
    health = next;
    return news;
  }

  private static Duration grace(ProbeKind kind, ContainerCalls calls) {
    return kind.of(calls.container())
        .map(Probe::getTerminationGracePeriodSeconds)
        .map(Duration::ofSeconds)
        .orElseGet(calls::grace);
  }

  /** Probes what runs, as long as it is wanted; one that is to end must only be ready no more. */
  void follow(ContainerLife life, Wish wish, ContainerCalls calls) {
    if (!life.known()) {
      return;
    }
    var live = life.current().filter(Instance::live);
    if (!live.map(Instance::id).equals(instance)) {
      stopAll();
      instance = live.map(Instance::id);
      adopted = !begun;
      health = live.map(i -> initial(i, calls)).orElse(Health.UNPROBED);
      unhealthy = Optional.empty();
    }
    begun = true;
    switch (wish) {
      case Wish.Nothing _, Wish.Make _ -> {}
      case Wish.Run(var habitat) ->
          live.filter(i -> i.in(habitat.sandboxId())).ifPresent(i -> probe(i, habitat, calls));
      case Wish.Halt _, Wish.End _ -> {
        stop(ProbeKind.STARTUP);
        stop(ProbeKind.LIVENESS);
      }
    }
  }

  /** What was told of an instance that another agent left stands until a look says otherwise. */
  private Health initial(Instance current, ContainerCalls calls) {
    return Optional.of(calls)
        .filter(_ -> adopted)
        .flatMap(c -> Health.told(c.pod(), current.id()))
        .orElseGet(() -> Health.initial(calls.container()));
  }

  private void probe(Instance current, Habitat habitat, ContainerCalls calls) {
    if (health.started()) {
      stop(ProbeKind.STARTUP);
      start(ProbeKind.LIVENESS, current, habitat, calls);
      start(ProbeKind.READINESS, current, habitat, calls);
    } else {
      start(ProbeKind.STARTUP, current, habitat, calls);
    }
  }

  private void start(ProbeKind kind, Instance current, Habitat habitat, ContainerCalls calls) {
    if (running.containsKey(kind) || unhealthy.isPresent()) {
      return;
    }
    ProbeCalls.of(kind, calls, current.id(), habitat)
        .ifPresent(
            probe ->
                running.put(
                    kind,
                    context.spawn(
                        ProbeActor.create(probe, first(probe, current, calls), verdicts),
                        kind.text() + "-" + spawned++)));
  }

  /**
   * When its initial delay is over. Those of an agent that was restarted would all be due at once,
   * so they are spread over a period.
   */
  private Duration first(ProbeCalls probe, Instance current, ContainerCalls calls) {
    var now = calls.now();
    var due = current.inspection().startedAt().orElse(now).plus(probe.initialDelay());
    if (due.isAfter(now)) {
      return Duration.between(now, due);
    }
    return adopted
        ? Duration.ofMillis(ThreadLocalRandom.current().nextLong(probe.period().toMillis()))
        : Duration.ZERO;
  }

  private void stop(ProbeKind kind) {
    Optional.ofNullable(running.remove(kind)).ifPresent(context::stop);
  }

  private void stopAll() {
    running.values().forEach(context::stop);
    running.clear();
  }
}
