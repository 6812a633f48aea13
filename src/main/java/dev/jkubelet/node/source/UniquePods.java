package dev.jkubelet.node.source;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * No two pods of one name, nor of one UID: the first wins.
 *
 * @param pods those that count, in the given order
 * @param complaints one line for each that doesn't
 */
record UniquePods(List<Pod> pods, List<String> complaints) {
  /**
   * @param from where it comes from, for the complaint
   */
  record Candidate(Pod pod, String from) {}

  static UniquePods of(List<Candidate> candidates) {
    var pods = new ArrayList<Pod>();
    var complaints = new ArrayList<String>();
    var taken = new HashMap<String, String>();
    for (var candidate : candidates) {
      var metadata = candidate.pod().getMetadata();
      var name = "pod " + metadata.getNamespace() + "/" + metadata.getName();
      var uid = "UID " + metadata.getUid();
      var clash = taken.containsKey(name) ? name : uid;
      if (taken.containsKey(clash)) {
        complaints.add(
            "%s: metadata: ignored, since %s already gives %s"
                .formatted(candidate.from(), taken.get(clash), clash));
      } else {
        taken.put(name, candidate.from());
        taken.put(uid, candidate.from());
        pods.add(candidate.pod());
      }
    }
    return new UniquePods(List.copyOf(pods), List.copyOf(complaints));
  }
}
