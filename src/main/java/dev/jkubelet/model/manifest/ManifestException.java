package dev.jkubelet.model.manifest;

import java.io.Serial;
import java.util.Optional;

/**
 * A manifest that can't be used. The message is one line: {@code file:line:column: field: what was
 * expected}, with what is known of them.
 */
public final class ManifestException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Place place;
  private final transient FieldPath field;

  private ManifestException(String message, Place place, FieldPath field) {
    super(message);
    this.place = place;
    this.field = field;
  }

  /** The source as a whole is at fault: too long, not text, empty. */
  static ManifestException of(String source, String problem) {
    return new ManifestException(source + ": " + problem, null, null);
  }

  /** The text doesn't parse there. */
  static ManifestException at(String source, Place place, String problem) {
    return new ManifestException(prefix(source, place) + problem, place, null);
  }

  /** The field is at fault. */
  static ManifestException at(String source, Place place, FieldPath field, String problem) {
    return new ManifestException(prefix(source, place) + field + ": " + problem, place, field);
  }

  private static String prefix(String source, Place place) {
    return source + ":" + place.line() + ":" + place.column() + ": ";
  }

  /** Where; empty when no single line is at fault. */
  public Optional<Place> place() {
    return Optional.ofNullable(place);
  }

  /** Which field; empty when the text doesn't even parse. */
  public Optional<FieldPath> field() {
    return Optional.ofNullable(field);
  }
}
