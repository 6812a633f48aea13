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

/** What the routes ask the node; every answer comes from its snapshots. */
final class NodeQueries {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ActorRef<NodeActor.Command> node;
  private final ActorSystem<?> system;

  NodeQueries(ActorRef<NodeActor.Command> node, ActorSystem<?> system) {
    this.node = node;
    this.system = system;
  }

  CompletionStage<List<PodSnapshot>> pods() {
    return AskPattern.ask(node, NodeActor.GetPods::new, LIMIT, system.scheduler());
  }

  CompletionStage<Optional<PodSnapshot>> pod(String namespace, String name) {
    return AskPattern.ask(
        node, replyTo -> new NodeActor.GetPod(namespace, name, replyTo), LIMIT, system.scheduler());
  }

  CompletionStage<NodeHealth> health() {
    return AskPattern.ask(node, NodeActor.GetHealth::new, LIMIT, system.scheduler());
  }
}
