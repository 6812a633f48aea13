package dev.jkubelet.model.hash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The hash by which the kubelet 1.20 names a manifest's pod: MD5 over go-spew's print of its
 * internal pod, defaulted, before it gets a name and a namespace. (It writes the node's name and
 * the manifest's place to the digest first, but the print's hashing resets it, so they don't
 * count.)
 *
 * <p>It differs from the kubelet's for a manifest that gives moments other than null, which the
 * kubelet prints with its machine's time zone, and for managed fields.
 */
public final class PodHash {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Dropped from every pod: they once held what init containers' fields hold. */
  private static final Set<String> OUTDATED =
      Set.of(
          "pod.beta.kubernetes.io/init-containers",
          "pod.alpha.kubernetes.io/init-containers",
          "pod.beta.kubernetes.io/init-container-statuses",
          "pod.alpha.kubernetes.io/init-container-statuses");

  /** The internal pod has them in its security context. */
  private static final List<String> HOST_FIELDS =
      List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace");

  private PodHash() {}

  /**
   * In hexadecimal, as the UID has it.
   *
   * @param given the manifest's own tree: the print tells an empty list from an absent one and
   *     shows a quantity as it was written
   * @param defaulted the same pod with the API's defaults
   */
  public static String of(JsonNode given, Pod defaulted) {
    try {
      var print = print(given, defaulted).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(print));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String print(JsonNode given, Pod defaulted) {
    ObjectNode pod = given.deepCopy();
    for (var list : List.of("containers", "initContainers")) {
      pod.path("spec").path(list).forEach(PodHash::requestLimits);
    }
    fillIn(pod, MAPPER.valueToTree(defaulted));
    pod.remove(List.of("kind", "apiVersion"));
    if (pod.path("metadata").path("annotations") instanceof ObjectNode annotations) {
      annotations.remove(OUTDATED);
    }
    internal(pod.withObject("spec"));
    return GoPrint.print(new GoType.Pointer(GoTypes.POD), pod);
  }

  /** A limit is a request too, as it was written. */
  private static void requestLimits(JsonNode container) {
    if (container.path("resources").path("limits") instanceof ObjectNode limits) {
      var requests = ((ObjectNode) container.path("resources")).withObject("requests");
      limits.forEachEntry(requests::putIfAbsent);
    }
  }

  /** Adds what {@code target} lacks; a zero value counts as lacking. */
  private static void fillIn(JsonNode target, JsonNode defaults) {
    if (target instanceof ObjectNode object) {
      defaults.forEachEntry(
          (name, value) -> {
            var own = object.path(name);
            if (own.isContainerNode()) {
              fillIn(own, value);
            } else if (isZero(own)) {
              object.set(name, value);
            }
          });
    }
    if (target.isArray()) {
      for (int i = 0; i < Math.min(target.size(), defaults.size()); i++) {
        fillIn(target.get(i), defaults.get(i));
      }
    }
  }

  private static boolean isZero(JsonNode value) {
    return value.asText().isEmpty()
        || value.isNull()
        || (value.isNumber() && value.decimalValue().signum() == 0);
  }

  /** From the API's version 1 to the form that the kubelet decodes into. */
  private static void internal(ObjectNode spec) {
    var context = spec.withObject("securityContext");
    for (var field : HOST_FIELDS) {
      context.set(field, spec.path(field));
    }
    if (spec.path("serviceAccountName").asText().isEmpty()) {
      spec.set("serviceAccountName", spec.path("serviceAccount"));
    }
  }
}
