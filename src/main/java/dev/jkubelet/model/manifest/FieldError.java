package dev.jkubelet.model.manifest;

/**
 * One fault of a pod, worded as the API server words it: {@code spec.containers[0].image: Required
 * value}.
 *
 * @param problem without the field's name
 */
public record FieldError(FieldPath field, String problem) {
  @Override
  public String toString() {
    return field + ": " + problem;
  }
}
