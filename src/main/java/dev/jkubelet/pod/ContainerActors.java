package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.pod.ContainerSteps.Wish;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The actors of a pod's containers, by name; none before the engine was asked what is there. */
final class ContainerActors {
  private final ActorContext<PodActor.Command> context;
  private final Map<String, ActorRef<ContainerActor.Command>> refs = new HashMap<>();
  private boolean begun;

  ContainerActors(ActorContext<PodActor.Command> context) {
    this.context = context;
  }

  /** Whether they were ever there. */
  boolean begun() {
    return begun;
  }

  boolean allEnded() {
    return refs.isEmpty();
  }

  /** Those that are not there yet. */
  void spawn(PodMemory memory, PodCalls.Observation seen) {
    begun = true;
    var reporting =
        context.messageAdapter(ContainerActor.Report.class, PodNews.ContainerChanged::new);
    PodSteps.all(memory.pod())
        .filter(c -> !refs.containsKey(c.getName()))
        .forEach(
            c -> {
              var name = c.getName();
              var calls = calls(memory, c);
              var child =
                  context.spawn(ContainerActor.create(reporting, calls, seen.of(name)), name);
              context.watchWith(child, new PodNews.ContainerEnded(name));
              refs.put(name, child);
            });
  }

  private ContainerCalls calls(PodMemory memory, Container container) {
    return new ContainerCalls(memory.pod(), container, memory.services(), context.getSystem());
  }

  void ended(String name) {
    refs.remove(name);
  }

  void make(List<String> names, Habitat habitat) {
    names.forEach(name -> refs.get(name).tell(new ContainerActor.Order(new Wish.Make(habitat))));
  }

  void run(List<String> names, Habitat habitat) {
    names.forEach(name -> refs.get(name).tell(new ContainerActor.Order(new Wish.Run(habitat))));
  }

  void desire(PodMemory memory) {
    if (begun) {
      spawn(memory, PodCalls.Observation.NOTHING);
    }
    PodSteps.all(memory.pod())
        .filter(c -> refs.containsKey(c.getName()))
        .forEach(c -> refs.get(c.getName()).tell(new ContainerActor.Desire(calls(memory, c))));
  }

  void halt(List<String> names, Duration grace) {
    names.forEach(name -> refs.get(name).tell(new ContainerActor.Order(new Wish.Halt(grace))));
  }

  /**
   * Those go that are the next to: sidecars when the others are gone, the last that began first.
   */
  void quit(Pod pod, Duration grace) {
    next(pod).forEach(name -> refs.get(name).tell(new ContainerActor.Order(new Wish.End(grace))));
  }

  private Collection<String> next(Pod pod) {
    var sidecars = sidecars(pod);
    return onlySidecars(pod)
        ? sidecars.subList(Math.max(0, sidecars.size() - 1), sidecars.size())
        : refs.keySet().stream().filter(name -> !sidecars.contains(name)).toList();
  }

  /** Whether all others are gone. */
  boolean onlySidecars(Pod pod) {
    return sidecars(pod).size() == refs.size();
  }

  private List<String> sidecars(Pod pod) {
    return PodContainers.sidecars(pod).stream()
        .map(Container::getName)
        .filter(refs::containsKey)
        .toList();
  }

  /** Hands a hint on; true when it concerns the sandbox. */
  boolean hint(RuntimeEvent event, PodLife life) {
    var container = refs.get(event.summaryName());
    if (container != null) {
      container.tell(new ContainerActor.Hint(event));
      return false;
    }
    return Hints.ends(event)
        && life.sandbox().filter(s -> s.live() && s.id().equals(event.containerId())).isPresent();
  }

  /**
   * Hands each container its part of the list; true when the list shows another sandbox than the
   * known one.
   */
  boolean relisted(List<ContainerSummary> all, PodLife life) {
    refs.forEach(
        (name, container) ->
            container.tell(
                new ContainerActor.Relisted(
                    all.stream()
                        .filter(s -> s.type() == ContainerType.CONTAINER && s.name().equals(name))
                        .toList())));
    return life.sandbox()
        .filter(PodLife.Sandbox::live)
        .filter(known -> all.stream().noneMatch(s -> s.id().equals(known.id()) && Hints.live(s)))
        .isPresent();
  }
}
