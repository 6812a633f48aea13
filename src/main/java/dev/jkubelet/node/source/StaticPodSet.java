package dev.jkubelet.node.source;

import dev.jkubelet.model.manifest.ManifestException;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pods that the manifest files ask for, and what has been said about the files. A file that is
 * wrong costs nothing but itself: the last good version of its pod stays.
 *
 * @param pods those that counted before first; the same instances as long as nothing changes
 * @param standing complaints about things as they are, so that each is logged once
 */
record StaticPodSet(Map<Path, Known> files, List<Pod> pods, Set<String> standing) {
  static final StaticPodSet EMPTY = new StaticPodSet(Map.of(), List.of(), Set.of());

  /**
   * A file that has been read.
   *
   * @param pod its last good version; null if there has been none
   */
  record Known(ContentDigest digest, Pod pod) {}

  /**
   * @param lines to be logged
   */
  record Next(StaticPodSet set, List<String> lines) {}

  /** The set after {@code scan}; pure but for decoding, which may take long. */
  Next with(ManifestFiles.Scan scan, ManifestReader reader, Instant now) {
    var lines = new ArrayList<String>();
    var complaints = new LinkedHashSet<String>();
    var known = new TreeMap<Path, Known>();
    switch (scan) {
      case ManifestFiles.Scan.Missing(var path) ->
          complaints.add(path + ": doesn't exist, so no static pods are wanted");
      case ManifestFiles.Scan.Found(var found) ->
          found.forEach(
              (file, content) -> {
                var next =
                    switch (content) {
                      case ManifestFiles.Content.Bytes(var bytes) ->
                          read(file, bytes, reader, now, lines);
                      case ManifestFiles.Content.Unreadable(var reason) -> {
                        complaints.add(file + ": can't be read: " + reason);
                        yield files.get(file);
                      }
                      case ManifestFiles.Content.Ignored(var reason) -> {
                        complaints.add(file + ": ignored: " + reason);
                        yield null;
                      }
                    };
                if (next != null) {
                  known.put(file, next);
                }
              });
    }
    var unique = UniquePods.of(candidates(known));
    complaints.addAll(unique.complaints());
    complaints.stream().filter(complaint -> !standing.contains(complaint)).forEach(lines::add);
    return new Next(
        new StaticPodSet(known, unique.pods(), Set.copyOf(complaints)), List.copyOf(lines));
  }

  /** Files whose pods run already come first: a newcomer of the same name must not replace one. */
  private List<UniquePods.Candidate> candidates(Map<Path, Known> known) {
    return known.entrySet().stream()
        .filter(read -> read.getValue().pod() != null)
        .sorted(Comparator.comparing(read -> !counts(read.getKey())))
        .map(read -> new UniquePods.Candidate(read.getValue().pod(), read.getKey().toString()))
        .toList();
  }

  private boolean counts(Path file) {
    var before = files.get(file);
    return before != null && pods.contains(before.pod());
  }

  private Known read(
      Path file, byte[] bytes, ManifestReader reader, Instant now, List<String> lines) {
    var digest = ContentDigest.of(bytes);
    var before = files.get(file);
    if (before != null && before.digest().equals(digest)) {
      return before;
    }
    var last = before == null ? null : before.pod();
    try {
      var read = reader.read(new ManifestOrigin.File(file), bytes);
      lines.addAll(read.warnings());
      return new Known(digest, FirstSight.of(read.pods().getFirst(), last, now));
    } catch (ManifestException wrong) {
      lines.add(
          wrong.getMessage() + (last == null ? "" : " (its last good version keeps running)"));
      return new Known(digest, last);
    }
  }
}
