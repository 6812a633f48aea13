package dev.jkubelet.server;

import dev.jkubelet.pod.PodSnapshot;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.util.ByteString;

/**
 * The body of {@code /pods}. A snapshot never changes, so each is written once, when first asked
 * for, and kept while it is current; a scrape of an unchanged node copies nothing.
 */
final class PodLists {
  private volatile Written last = new Written(List.of(), Map.of(), PodJson.list(List.of()));

  private record Written(List<PodSnapshot> pods, Map<PodSnapshot, byte[]> items, ByteString body) {
    boolean isOf(List<PodSnapshot> others) {
      if (pods.size() != others.size()) {
        return false;
      }
      for (int i = 0; i < pods.size(); i++) {
        if (!isSame(pods.get(i), others.get(i))) {
          return false;
        }
      }
      return true;
    }

    // A record's equals would compare whole pods; identity is what the cache is about.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(PodSnapshot one, PodSnapshot other) {
      return one == other;
    }
  }

  /** Calls may overlap: the worst that happens is that a pod is written twice. */
  ByteString body(List<PodSnapshot> pods) {
    var known = last;
    if (known.isOf(pods)) {
      return known.body();
    }
    var items = new IdentityHashMap<PodSnapshot, byte[]>(pods.size());
    for (var pod : pods) {
      var written = known.items().get(pod);
      items.put(pod, written == null ? PodJson.item(pod.pod()) : written);
    }
    var body = PodJson.list(pods.stream().map(items::get).toList());
    last = new Written(List.copyOf(pods), items, body);
    return body;
  }
}
