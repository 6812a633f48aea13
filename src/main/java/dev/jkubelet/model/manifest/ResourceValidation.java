package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The rules for requests and limits. */
final class ResourceValidation {
  private static final Set<String> STANDARD = Set.of("cpu", "memory", "ephemeral-storage");

  private ResourceValidation() {}

  static void validate(ResourceRequirements resources, FieldPath path, FieldErrors errors) {
    if (resources == null) {
      return;
    }
    var limits = orEmpty(resources.getLimits());
    var requests = orEmpty(resources.getRequests());
    list(limits, path.child("limits"), errors);
    list(requests, path.child("requests"), errors);
    requests.forEach(
        (name, request) -> {
          var limit = limits.get(name);
          if (limit != null) {
            compare(name, request, limit, path.child("requests"), errors);
          } else if (!mayOvercommit(name)) {
            errors.required(
                path.child("limits"), "Limit must be set for non overcommitable resources");
          }
        });
    var names = new TreeSet<>(limits.keySet());
    names.addAll(requests.keySet());
    if (names.stream().anyMatch(ResourceValidation::isHugePages)
        && !names.contains("cpu")
        && !names.contains("memory")) {
      errors.forbidden(path, "HugePages require cpu or memory");
    }
  }

  private static void compare(
      String name, Quantity request, Quantity limit, FieldPath path, FieldErrors errors) {
    var order = amount(request).compareTo(amount(limit));
    if (order != 0 && !mayOvercommit(name)) {
      errors.invalid(path.key(name), request, "must be equal to " + name + " limit");
    } else if (order > 0) {
      errors.invalid(path.key(name), request, "must be less than or equal to " + name + " limit");
    }
  }

  static void list(Map<String, Quantity> quantities, FieldPath path, FieldErrors errors) {
    quantities.forEach(
        (name, quantity) -> {
          var at = path.key(name);
          name(name, at, errors);
          var amount = amount(quantity);
          if (amount.signum() < 0) {
            errors.invalid(at, quantity, "must be greater than or equal to 0");
          }
          if (isExtended(name) && amount.stripTrailingZeros().scale() > 0) {
            errors.invalid(at, quantity, "must be an integer");
          }
        });
  }

  private static void name(String name, FieldPath path, FieldErrors errors) {
    var faults = NameRules.qualifiedName(name);
    errors.invalid(path, name, faults);
    if (faults.isEmpty() && !name.contains("/") && !STANDARD.contains(name) && !isHugePages(name)) {
      errors.invalid(path, name, "must be a standard resource for containers");
    } else if (name.startsWith("requests.") && name.contains("/")) {
      errors.invalid(path, name, "doesn't follow extended resource name standard");
    }
  }

  static BigDecimal amount(Quantity quantity) {
    return quantity.getNumericalAmount();
  }

  private static boolean isHugePages(String name) {
    return name.startsWith("hugepages-");
  }

  private static boolean isExtended(String name) {
    return name.contains("/") && !name.contains("kubernetes.io/");
  }

  private static boolean mayOvercommit(String name) {
    return !isExtended(name) && !isHugePages(name);
  }

  private static Map<String, Quantity> orEmpty(Map<String, Quantity> quantities) {
    return quantities == null ? Map.of() : quantities;
  }
}
