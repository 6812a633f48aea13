package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/**
 * What a manifest holds.
 *
 * @param source what messages call it
 * @param pods as written: not yet defaulted, named or validated
 * @param warnings one line each: what was ignored, with its line
 */
public record Manifest(String source, List<Entry> pods, List<String> warnings) {
  /** A long list of faults helps nobody; the first ones do. */
  private static final int MOST_ERRORS = 10;

  public Manifest {
    pods = List.copyOf(pods);
    warnings = List.copyOf(warnings);
  }

  /**
   * One pod of it, with the places of its fields.
   *
   * @param at where in the manifest; null for the manifest's only object
   */
  public record Entry(Pod pod, Located tree, FieldPath at) {}

  /** The faults found in {@code entry} as one exception: the first one's line, all the fields. */
  public ManifestException invalid(Entry entry, List<FieldError> errors) {
    var first = errors.getFirst();
    var text = new StringBuilder(first.problem());
    errors.stream()
        .skip(1)
        .limit(MOST_ERRORS - 1)
        .forEach(
            error -> {
              var line = entry.tree().find(error.field()).line();
              text.append("; line ").append(line).append(": ").append(error);
            });
    if (errors.size() > MOST_ERRORS) {
      text.append("; and ").append(errors.size() - MOST_ERRORS).append(" more");
    }
    var place = entry.tree().find(first.field());
    return ManifestException.at(source, place, first.field().under(entry.at()), text.toString());
  }
}
