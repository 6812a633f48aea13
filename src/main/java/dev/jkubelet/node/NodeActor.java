package dev.jkubelet.node;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.node.PodPlan.Deed;
import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodGrace;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The guardian of all pods of the node: what the sources want is run, what they no longer want is
 * ended, and what nobody ever wanted but the engine, the disk or the cgroups still have is removed,
 * once every source has spoken.
 */
public final class NodeActor extends AbstractMatchingBehavior<NodeActor.Command> {
  /** What the node can be told and asked. */
  public sealed interface Command {}

  /**
   * The whole desired set of one source ({@code file}, {@code http} or {@code api}), validated and
   * defaulted; it replaces that source's last one.
   */
  public record SetPods(String source, List<Pod> pods) implements Command {}

  /** Every pod of every source with its status, in no particular order. */
  public record GetPods(ActorRef<List<PodSnapshot>> replyTo) implements Command {}

  /** The pod of that namespace and name. */
  public record GetPod(String namespace, String name, ActorRef<Optional<PodSnapshot>> replyTo)
      implements Command {}

  /** How the node is. */
  public record GetHealth(ActorRef<NodeHealth> replyTo) implements Command {}

  /** This node's object, each time it changes; empty while nobody has made it and we won't. */
  public record SetNode(Optional<Node> node) implements Command {}

  /** Something that the pod of that UID has to know. */
  public record TellPod(String uid, PodActor.Said what) implements Command {}

  /** What the node is short of from now on: pods that would make it worse are refused. */
  public record SetPressures(NodePressures pressures) implements Command {}

  record EngineHint(RuntimeEvent event) implements Command {}

  record EngineListed(List<ContainerSummary> all) implements Command {}

  record EngineHealth(Optional<String> problem) implements Command {}

  private record PodChanged(PodSnapshot snapshot) implements Command {}

  private record PodEnded(String uid) implements Command {}

  private record Leftovers(Collection<PodKey> found) implements Command {}

  private record Logged(String what, Throwable failure) implements Command {}

  private final PodServices services;
  private AdmissionNode node;
  private final DesiredPods desired;
  private final ActorRef<PodReport> reports;
  private final ActorRef<PodSnapshot> changes;
  private final PodTable pods = new PodTable();
  private Optional<AdmissionNode> registered = Optional.empty();
  private Optional<PodReport.Statics> statics = Optional.empty();
  private Optional<String> engineProblem =
      Optional.of("the container runtime has not answered yet");
  private Optional<Map<String, List<ContainerSummary>>> listed = Optional.empty();
  private boolean leftoversAsked;

  private NodeActor(
      ActorContext<Command> context,
      PodServices services,
      AdmissionNode node,
      Set<String> sources,
      ActorRef<PodReport> reports) {
    super(context);
    this.services = services;
    this.node = node;
    this.desired = new DesiredPods(sources);
    this.reports = reports;
    this.changes = context.messageAdapter(PodSnapshot.class, PodChanged::new);
  }

  /**
   * A node without pods yet.
   *
   * @param node as known without the API server, whose pods wait for {@link SetNode}
   * @param sources the names of the sources that will speak; nothing is removed before all have
   * @param reports hears of all changes
   */
  public static Behavior<Command> create(
      PodServices services, AdmissionNode node, Set<String> sources, ActorRef<PodReport> reports) {
    return Behaviors.setup(context -> new NodeActor(context, services, node, sources, reports));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case SetPods(var source, var all) -> {
        boolean last = desired.set(source, all);
        reconcile();
        if (last) {
          removeUnwanted();
        }
      }
      case GetPods(var replyTo) -> replyTo.tell(pods.all());
      case GetPod(var namespace, var name, var replyTo) -> replyTo.tell(pods.find(namespace, name));
      case GetHealth(var replyTo) -> replyTo.tell(new NodeHealth(engineProblem, Optional.empty()));
      case TellPod(var uid, var what) -> pods.tell(uid, what);
      case SetPressures(var pressures) -> {
        node = node.under(pressures);
        registered = registered.map(object -> object.under(pressures));
      }
      case SetNode(var object) -> onSetNode(object.map(node::registeredAs).orElse(node));
      case EngineHint(var event) -> pods.tell(event.podUid(), new PodActor.EngineHint(event));
      case EngineListed(var all) -> onEngineListed(all);
      case EngineHealth(var problem) -> engineProblem = problem;
      case PodChanged(var snapshot) -> onPodChanged(snapshot);
      case PodEnded(var uid) -> onPodEnded(uid);
      case Leftovers(var found) -> reap(found.stream());
      case Logged(var what, var failure) -> {
        if (failure != null) {
          getContext().getLog().warn("{}: {}", what, failure.toString());
        }
      }
    }
    return this;
  }

  /** The room of a pod that is over is for others. */
  private void onPodChanged(PodSnapshot snapshot) {
    boolean over = pods.isOver(snapshot.pod());
    pods.changed(snapshot).ifPresent(s -> reports.tell(new PodReport.Changed(s)));
    if (!over && pods.isOver(snapshot.pod())) {
      reconcile();
    }
  }

  private void onSetNode(AdmissionNode newer) {
    if (!registered.equals(Optional.of(newer))) {
      registered = Optional.of(newer);
      reconcile();
    }
  }

  private void reconcile() {
    var wanted = desired.all();
    pods.tellOnlyOf(wanted).forEach(uid -> reports.tell(new PodReport.Forgotten(uid)));
    plan(wanted).deeds().forEach(this::perform);
    getContext()
        .pipeToSelf(
            services.cgroups().updateQos(plan(wanted).active()),
            (_, failure) -> new Logged("QoS cgroups", failure));
    var newest = Optional.of(pods.statics(wanted, desired.complete()));
    if (!newest.equals(statics)) {
      statics = newest;
      reports.tell(newest.get());
    }
  }

  private PodPlan plan(Collection<Pod> wanted) {
    return new PodPlan(
        wanted,
        pods.entries(),
        pods.over(),
        pods.leaving(),
        listed.map(Traces::live),
        node,
        registered);
  }

  private void perform(Deed deed) {
    switch (deed) {
      case Deed.Start(var pod) ->
          pods.started(pod, spawn(PodKey.of(pod), PodActor.create(pod, services, changes)));
      case Deed.Postpone(var pod) -> pods.expect(pod);
      case Deed.Refuse(var pod, var refusal) -> refuse(pod, refusal);
      case Deed.Preempt(var pod) ->
          pods.tell(
              pod.getMetadata().getUid(),
              new PodActor.Evict(Preemption.REASON, Preemption.MESSAGE, PodGrace.of(pod)));
      case Deed.Update(var pod) -> {
        pods.desired(pod);
        pods.tell(pod.getMetadata().getUid(), new PodActor.Desire(pod));
      }
      case Deed.End(var pod, var grace) -> {
        pods.ending(pod, grace);
        pods.tell(pod.getMetadata().getUid(), new PodActor.Terminate(Optional.of(grace)));
      }
      case Deed.Finish(var pod) -> reports.tell(new PodReport.Ended(pods.finished(pod)));
      case Deed.Forget(var key) -> pods.forget(key.uid());
    }
  }

  private void refuse(Pod pod, Admission.Refusal refusal) {
    services.events().record(pod, "", "Warning", refusal.reason(), refusal.message());
    var refused = Admission.refused(pod, refusal, services.clock().instant());
    reports.tell(new PodReport.Changed(pods.refused(refused)));
  }

  /** When the API server waits for the end, it hears of it; a pod's name is free again. */
  private void onPodEnded(String uid) {
    pods.forget(uid);
    desired.all().stream()
        .filter(pod -> pod.getMetadata().getUid().equals(uid) && PodChanges.deleted(pod))
        .forEach(pod -> perform(new Deed.Finish(pod)));
    reconcile();
  }

  private void reap(Stream<PodKey> found) {
    for (var key : found.filter(k -> !pods.has(k.uid())).toList()) {
      getContext().getLog().info("pod {} is wanted by no source: removing what is left of it", key);
      pods.removing(key, spawn(key, PodActor.orphan(key, services)));
    }
  }

  private ActorRef<PodActor.Command> spawn(PodKey key, Behavior<PodActor.Command> behavior) {
    var actor = getContext().spawn(behavior, "pod-" + key.uid());
    getContext().watchWith(actor, new PodEnded(key.uid()));
    return actor;
  }

  private void onEngineListed(List<ContainerSummary> all) {
    var byPod = all.stream().collect(Collectors.groupingBy(s -> s.pod().uid()));
    pods.entries()
        .keySet()
        .forEach(uid -> pods.tell(uid, new PodActor.Relisted(byPod.getOrDefault(uid, List.of()))));
    services.metrics().running(all);
    boolean first = listed.isEmpty();
    listed = Optional.of(byPod);
    if (first) {
      reconcile();
    }
    removeUnwanted();
  }

  /** Before the engine was asked and every source has spoken, nobody knows what is wanted. */
  private void removeUnwanted() {
    if (!desired.complete() || listed.isEmpty()) {
      return;
    }
    services.objects().retain(pods.alive());
    reap(listed.get().values().stream().map(containers -> containers.getFirst().pod()));
    if (!leftoversAsked) {
      leftoversAsked = true;
      getContext()
          .pipeToSelf(
              Traces.onDisk(services),
              (found, failure) ->
                  failure == null
                      ? new Leftovers(found)
                      : new Logged("looking for leftovers of pods", failure));
    }
  }
}
