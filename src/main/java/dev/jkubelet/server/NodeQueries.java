package dev.jkubelet.server;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.NodeHealth;
import dev.jkubelet.pod.PodSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** What the routes ask of the node: one question each, answered from its map. */
final class NodeQueries {
  /** The node answers from memory; whatever takes longer is stuck. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ActorRef<NodeActor.Command> node;
  private final ActorSystem<?> system;

  NodeQueries(ActorRef<NodeActor.Command> node, ActorSystem<?> system) {
    this.node = node;
    this.system = system;
  }

  CompletionStage<List<PodSnapshot>> pods() {
    return AskPattern.ask(node, NodeActor.GetPods::new, PATIENCE, system.scheduler());
  }

  CompletionStage<Optional<PodSnapshot>> pod(String namespace, String name) {
    return AskPattern.ask(
        node,
        replyTo -> new NodeActor.GetPod(namespace, name, replyTo),
        PATIENCE,
        system.scheduler());
  }

  /** How the node is; a node that does not answer is reported as stuck rather than failing. */
  CompletionStage<NodeHealth> health() {
    CompletionStage<NodeHealth> asked =
        AskPattern.ask(node, NodeActor.GetHealth::new, PATIENCE, system.scheduler());
    return asked.exceptionally(
        _ ->
            new NodeHealth(
                Optional.empty(),
                Optional.of("the node did not answer within " + PATIENCE.toSeconds() + " s")));
  }
}
