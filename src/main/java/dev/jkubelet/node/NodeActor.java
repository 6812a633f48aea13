package dev.jkubelet.node;

import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** The guardian of all pods of the node. */
public final class NodeActor {
  private NodeActor() {}

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
}
