package dev.jkubelet.node.source;

import dev.jkubelet.model.manifest.ManifestException;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The pods that the manifest URL asks for. An answer counts as a whole or not at all, as in the
 * kubelet: with one pod wrong, the last good set stays.
 *
 * @param digest of the answer that {@code pods} come from; null before the first
 * @param pods the same instances as long as nothing changes
 */
record UrlPodSet(ContentDigest digest, List<Pod> pods) {
  static final UrlPodSet EMPTY = new UrlPodSet(null, List.of());

  /**
   * The set after an answer.
   *
   * @param lines to be logged
   */
  record Next(UrlPodSet set, List<String> lines) {}

  Next with(ManifestOrigin.Url origin, byte[] answer, ManifestReader reader, Instant now)
      throws ManifestException, IOException {
    if (answer.length == 0) {
      throw new IOException("zero-length data received");
    }
    var next = ContentDigest.of(answer);
    if (next.equals(digest)) {
      return new Next(this, List.of());
    }
    var read = reader.read(origin, answer);
    var last =
        pods.stream().collect(Collectors.toMap(pod -> pod.getMetadata().getUid(), pod -> pod));
    var candidates =
        read.pods().stream()
            .map(pod -> FirstSight.of(pod, last.get(pod.getMetadata().getUid()), now))
            .map(pod -> new UniquePods.Candidate(pod, origin.shown()))
            .toList();
    var unique = UniquePods.of(candidates);
    var lines = new ArrayList<>(read.warnings());
    lines.addAll(unique.complaints());
    return new Next(new UrlPodSet(next, unique.pods()), List.copyOf(lines));
  }
}
