package dev.jkubelet.app.actors;

import org.apache.pekko.actor.ActorPath;

/** What kinds of actors there are: a few, so that no number of pods makes many series. */
public final class ActorKind {
  private ActorKind() {}

  public static String of(ActorPath path) {
    var names = path.elements().iterator();
    var root = names.hasNext() ? names.next() : "";
    if (!root.equals("user")) {
      return "system";
    }
    if (!names.hasNext()) {
      return "guardian";
    }
    var top = names.next();
    if (!top.equals("node") || !names.hasNext()) {
      return top.startsWith("$") ? "anonymous" : top;
    }
    var pod = names.next();
    return names.hasNext() ? "container" : pod.startsWith("pod-") ? "pod" : "node-child";
  }
}
