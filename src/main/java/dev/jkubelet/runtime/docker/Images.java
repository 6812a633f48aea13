package dev.jkubelet.runtime.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.jkubelet.runtime.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The verbs on images, as blocking calls. */
final class Images {
  private final Engine engine;
  private final ImageNames names;

  Images(Engine engine, ImageNames names) {
    this.engine = engine;
    this.names = names;
  }

  Optional<Image> find(String reference) {
    if (ImageReference.isId(reference)) {
      return inspect(reference).filter(image -> image.id().equals(reference));
    }
    var wanted = ImageReference.parse(reference);
    return inspect(reference)
        .filter(image -> wanted.names(image.id(), image.tags(), image.digests()));
  }

  /** For containers, again and again: remembered. */
  Optional<Image> ofContainer(String id) {
    var known = names.get(id);
    return known.isPresent() ? known : inspect(id);
  }

  private Optional<Image> inspect(String reference) {
    try {
      var answer = engine.docker.inspectImageCmd(reference).exec();
      var user = answer.getConfig() == null ? null : answer.getConfig().getUser();
      var image =
          new Image(
              answer.getId(),
              texts(answer.getRepoTags()),
              texts(answer.getRepoDigests()),
              answer.getSize() == null ? 0 : answer.getSize(),
              user == null ? "" : user);
      names.put(image);
      return Optional.of(image);
    } catch (NotFoundException _) {
      return Optional.empty();
    }
  }

  /** The engine's list does not say the images' users: they are empty. */
  List<Image> list() {
    names.forget();
    return engine.docker.listImagesCmd().exec().stream()
        .map(
            image ->
                new Image(
                    image.getId(),
                    named(image.getRepoTags()),
                    named(image.getRepoDigests()),
                    image.getSize() == null ? 0 : image.getSize(),
                    ""))
        .toList();
  }

  /** The engine does not remove by its id what has several names; with its last name it goes. */
  void remove(Image image) {
    var references = new ArrayList<String>(image.tags());
    references.addAll(image.digests());
    if (references.isEmpty()) {
      references.add(image.id());
    }
    for (var reference : references) {
      try {
        engine.docker.removeImageCmd(reference).exec();
      } catch (NotFoundException _) {
        // Gone with its last tag, or by somebody else.
      }
    }
    names.forget();
  }

  private static List<String> texts(List<String> texts) {
    return texts == null ? List.of() : List.copyOf(texts);
  }

  /** Without the engine's {@code <none>:<none>} and {@code <none>@<none>}. */
  private static List<String> named(String[] texts) {
    return texts == null
        ? List.of()
        : Arrays.stream(texts).filter(text -> !text.contains("<none>")).toList();
  }
}
