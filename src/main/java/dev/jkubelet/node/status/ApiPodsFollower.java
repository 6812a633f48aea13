package dev.jkubelet.node.status;

import dev.jkubelet.cluster.Follower;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** Tells the reporter what the API server has of this node's pods. */
public record ApiPodsFollower(ActorRef<StatusReporter.Command> reporter) implements Follower<Pod> {
  @Override
  public void listed(List<Pod> all) {
    reporter.tell(new StatusReporter.Listed(all));
  }

  @Override
  public void changed(Pod pod) {
    reporter.tell(new StatusReporter.Changed(pod));
  }

  @Override
  public void deleted(Pod pod) {
    reporter.tell(new StatusReporter.Deleted(pod));
  }
}
