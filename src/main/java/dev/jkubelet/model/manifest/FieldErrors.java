package dev.jkubelet.model.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Collects faults in the API server's wording. */
final class FieldErrors {
  private final List<FieldError> errors = new ArrayList<>();

  List<FieldError> list() {
    return List.copyOf(errors);
  }

  int count() {
    return errors.size();
  }

  void required(FieldPath field, String detail) {
    add(field, "Required value", detail);
  }

  void duplicate(FieldPath field, String value) {
    add(field, "Duplicate value: " + Quoted.of(value), "");
  }

  void notFound(FieldPath field, String value) {
    add(field, "Not found: " + Quoted.of(value), "");
  }

  void forbidden(FieldPath field, String detail) {
    add(field, "Forbidden", detail);
  }

  void tooLong(FieldPath field, int most) {
    add(field, "Too long", "must have at most " + most + " bytes");
  }

  void invalid(FieldPath field, Object value, String detail) {
    add(field, "Invalid value: " + shown(value), detail);
  }

  /** {@code details} from {@link NameRules}: one error each. */
  void invalid(FieldPath field, Object value, List<String> details) {
    details.forEach(detail -> invalid(field, value, detail));
  }

  void notSupported(FieldPath field, Object value, Collection<String> supported) {
    var listed = supported.stream().map(Quoted::of).collect(Collectors.joining(", "));
    add(field, "Unsupported value: " + shown(value), "supported values: " + listed);
  }

  /** The value must be there and one of {@code supported}. */
  void oneOf(FieldPath field, String value, Collection<String> supported) {
    if (value == null || value.isEmpty()) {
      required(field, "");
    } else if (!supported.contains(value)) {
      notSupported(field, value, supported);
    }
  }

  void notNegative(FieldPath field, Number value) {
    if (value != null && value.longValue() < 0) {
      invalid(field, value, "must be greater than or equal to 0");
    }
  }

  /** From 0 to what 32 bits hold; null is fine. */
  void userId(FieldPath field, Long value) {
    if (value != null && (value < 0 || value > Integer.MAX_VALUE)) {
      invalid(field, value, "must be between 0 and 2147483647, inclusive");
    }
  }

  private void add(FieldPath field, String problem, String detail) {
    errors.add(new FieldError(field, detail.isEmpty() ? problem : problem + ": " + detail));
  }

  private static String shown(Object value) {
    return switch (value) {
      case null -> "null";
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      default -> Quoted.of(value.toString());
    };
  }
}
