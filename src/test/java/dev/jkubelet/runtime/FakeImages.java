package dev.jkubelet.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fake's local images, and its registry. */
public final class FakeImages {
  private final Map<String, Image> local = new LinkedHashMap<>();
  private final Map<String, Image> registry = new LinkedHashMap<>();
  private int count;

  /** Makes an image local. */
  public synchronized Image add(String reference) {
    var image = made(reference);
    local.put(image.id(), image);
    return image;
  }

  /** Makes an image that can be pulled. */
  public synchronized Image publish(String reference) {
    var image = made(reference);
    registry.put(tagged(reference), image);
    return image;
  }

  public synchronized void remove(String reference) {
    find(reference).ifPresent(image -> local.remove(image.id()));
  }

  private Image made(String reference) {
    count++;
    return new Image(
        "sha256:%064x".formatted(count), List.of(tagged(reference)), List.of(), 1_000_000, "");
  }

  private static String tagged(String reference) {
    var name = reference.substring(reference.lastIndexOf('/') + 1);
    return name.contains(":") || name.contains("@") ? reference : reference + ":latest";
  }

  synchronized Optional<Image> find(String reference) {
    return local.values().stream()
        .filter(image -> image.id().equals(reference) || image.tags().contains(tagged(reference)))
        .findFirst();
  }

  synchronized List<Image> all() {
    return List.copyOf(local.values());
  }

  synchronized Image pull(String reference) {
    var image = registry.get(tagged(reference));
    if (image == null) {
      throw new EngineException.Refused(
          "manifest for " + tagged(reference) + " not found: manifest unknown", null);
    }
    local.put(image.id(), image);
    return image;
  }

  synchronized String nameOf(String imageId) {
    return Optional.ofNullable(local.get(imageId))
        .flatMap(image -> image.tags().stream().findFirst())
        .orElse(imageId);
  }
}
