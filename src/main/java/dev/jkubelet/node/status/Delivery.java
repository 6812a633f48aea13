package dev.jkubelet.node.status;

import dev.jkubelet.cluster.ApiFailure;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.node.status.Reported.Next;
import dev.jkubelet.node.status.StatusReporter.Settled;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** How far a pod's status has come on its way; one per pod, used by its reporter alone. */
final class Delivery {
  /** What holds it up. */
  enum Pause {
    NONE,
    /** Only what somebody may wait for goes. */
    QUIET,
    /** Nothing goes. */
    FAILED
  }

  private static final RetryDelay PASSING =
      new RetryDelay(Duration.ofMillis(200), Duration.ofSeconds(7));
  private static final RetryDelay REFUSED =
      new RetryDelay(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final String uid;
  private final List<ActorRef<Settled>> waiting = new ArrayList<>();
  private Reported reported = Reported.UNKNOWN;
  private Pause pause = Pause.NONE;
  private boolean inFlight;
  private boolean gone;
  private int failures;
  private String useless = "";

  Delivery(String uid) {
    this.uid = uid;
  }

  String uid() {
    return uid;
  }

  Reported reported() {
    return reported;
  }

  Pause pause() {
    return pause;
  }

  boolean inFlight() {
    return inFlight;
  }

  /** The pod is the node's no more; only an answer is still awaited. */
  boolean gone() {
    return gone;
  }

  void publish(PodSnapshot snapshot) {
    gone = false;
    reported = reported.with(snapshot);
  }

  void seen(Pod pod) {
    reported = reported.with(pod);
  }

  void unknownToApi() {
    reported = reported.withoutApi();
  }

  void pause(Pause newest) {
    pause = newest;
  }

  void await(ActorRef<Settled> replyTo) {
    waiting.add(replyTo);
  }

  /** Whether a call should be made, now. */
  boolean due() {
    if (inFlight || pause == Pause.FAILED) {
      return false;
    }
    return switch (reported.next()) {
      case Next.Rest _ -> false;
      case Next.Ask _ -> true;
      case Next.Write(_, var patch, var turn) ->
          !patch.equals(useless) && (turn || pause == Pause.NONE || !waiting.isEmpty());
    };
  }

  /** Whether there is nothing to write, or nothing that the API server would take. */
  boolean done() {
    return !inFlight
        && switch (reported.next()) {
          case Next.Rest _ -> true;
          case Next.Ask _ -> false;
          case Next.Write(_, var patch, _) -> patch.equals(useless);
        };
  }

  void started() {
    inFlight = true;
  }

  void answered() {
    inFlight = false;
  }

  /** What the API server does not take as it is would never be there: it is not sent again. */
  void written(Pod pod, String patch) {
    failures = 0;
    if (reported.isAheadOf(pod)) {
      return;
    }
    seen(pod);
    boolean refused = reported.next() instanceof Next.Write(_, var same, _) && same.equals(patch);
    useless = refused ? patch : "";
  }

  /** How long to wait after one more failure; {@code random} is from 0 to 1. */
  Duration failed(ApiFailure failure, double random) {
    failures++;
    return (failure.passing() || failure.conflict() ? PASSING : REFUSED)
        .jittered(failures, failure, random);
  }

  void forget() {
    gone = true;
    settled();
  }

  /** Tells who waits. */
  void settled() {
    waiting.forEach(w -> w.tell(new Settled(uid)));
    waiting.clear();
  }

  @Override
  public String toString() {
    return "status of pod " + uid;
  }
}
