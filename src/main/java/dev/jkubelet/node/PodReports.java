package dev.jkubelet.node;

import dev.jkubelet.node.mirror.MirrorPods;
import dev.jkubelet.node.status.StatusReporter;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Brings what becomes of the node's pods to those whom it concerns. */
public final class PodReports {
  /** For one try; there is another after it. */
  private static final Duration LAST_WORD = Duration.ofSeconds(30);

  private PodReports() {}

  /** Hands each report on. */
  public static Behavior<PodReport> create(
      ActorRef<StatusReporter.Command> statuses,
      ActorRef<MirrorPods.Command> mirrors,
      ActorRef<PodDeletions.Command> deletions) {
    return Behaviors.receiveMessage(
        report -> {
          switch (report) {
            case PodReport.Changed(var snapshot) ->
                statuses.tell(new StatusReporter.Publish(snapshot));
            case PodReport.Ended(var last) -> {
              statuses.tell(new StatusReporter.Publish(last));
              deletions.tell(new PodDeletions.Delete(last));
            }
            case PodReport.Forgotten(var uid) -> statuses.tell(new StatusReporter.Forget(uid));
            case PodReport.Statics statics -> mirrors.tell(new MirrorPods.SetStatics(statics));
          }
          return Behaviors.same();
        });
  }

  /** The status reporter's word on what was published of a pod. */
  public static FinalStatus finalStatus(
      ActorRef<StatusReporter.Command> statuses, Scheduler scheduler) {
    return last ->
        AskPattern.<StatusReporter.Command, StatusReporter.Settled>ask(
                statuses,
                replyTo -> new StatusReporter.Settle(last.pod().getMetadata().getUid(), replyTo),
                LAST_WORD,
                scheduler)
            .thenAccept(_ -> {});
  }
}
