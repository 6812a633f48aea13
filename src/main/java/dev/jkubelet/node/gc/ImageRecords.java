package dev.jkubelet.node.gc;

import dev.jkubelet.runtime.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Since when each local image is known, and when it was last in use; by id. What was in use before
 * the agent began counts as never used, but new.
 */
record ImageRecords(Map<String, ImageRecord> all) {
  static final ImageRecords NONE = new ImageRecords(Map.of());

  /**
   * One image.
   *
   * @param lastUsed {@link Instant#EPOCH} when it never was
   */
  record ImageRecord(Image image, Instant detected, Instant lastUsed) {}

  /** Those that are not there any more are forgotten. */
  ImageRecords seen(Collection<Image> images, Set<String> used, Instant now) {
    var newest = new HashMap<String, ImageRecord>();
    for (var image : images) {
      var known = all.getOrDefault(image.id(), new ImageRecord(image, now, Instant.EPOCH));
      var lastUsed = used.contains(image.id()) ? now : known.lastUsed();
      newest.put(image.id(), new ImageRecord(image, known.detected(), lastUsed));
    }
    return new ImageRecords(Map.copyOf(newest));
  }

  /**
   * The images to remove so that {@code bytes} are free again: those first that were not used for
   * longest; none that is in use now, or was detected less than {@code minAge} ago.
   */
  List<Image> toFree(long bytes, Duration minAge, Instant now) {
    var victims = new ArrayList<Image>();
    long freed = 0;
    for (var candidate : candidates(minAge, now)) {
      if (freed >= bytes) {
        break;
      }
      victims.add(candidate);
      freed += candidate.size();
    }
    return victims;
  }

  private List<Image> candidates(Duration minAge, Instant now) {
    return all.values().stream()
        .filter(seen -> seen.lastUsed().isBefore(now))
        .filter(seen -> !now.isBefore(seen.detected().plus(minAge)))
        .sorted(
            Comparator.comparing(ImageRecord::lastUsed)
                .thenComparing(ImageRecord::detected)
                .thenComparing(seen -> seen.image().id()))
        .map(ImageRecord::image)
        .toList();
  }
}
