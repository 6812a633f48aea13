package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.Image;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The images seen last, by id, so that looking at a container does not mean looking at its image as
 * well. A container's image can't change, only its names can; whoever pulls or lists forgets all.
 */
final class ImageNames {
  private static final int MAX_IMAGES = 256;
  private final Map<String, Image> byId =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Image> eldest) {
          return size() > MAX_IMAGES;
        }
      };

  synchronized Optional<Image> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  synchronized void put(Image image) {
    byId.put(image.id(), image);
  }

  synchronized void forget() {
    byId.clear();
  }
}
