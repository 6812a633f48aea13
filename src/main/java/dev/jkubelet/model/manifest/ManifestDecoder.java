package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Turns a manifest's bytes into pods. YAML and JSON alike; text that begins with a brace is JSON,
 * as for the kubelet. Values must have the API's types; fields that the API doesn't know are
 * dropped with a warning, since the kubelet ignores them too. Whatever the bytes, it ends with pods
 * or a {@link ManifestException}.
 */
public final class ManifestDecoder {
  /** The longest manifest in bytes: 10 MiB, the kubelet's limit. */
  public static final int LONGEST = 10 << 20;

  private static final Set<String> LISTS = Set.of("PodList", "List");

  private ManifestDecoder() {}

  /**
   * A manifest of exactly one pod.
   *
   * @param source what messages call it: the file's path
   */
  public static Manifest decodePod(String source, byte[] bytes) throws ManifestException {
    var warnings = new ArrayList<String>();
    var root = parse(source, bytes, warnings);
    expect(source, root, root, Set.of("Pod"));
    return new Manifest(source, List.of(bind(source, root, null, warnings)), warnings);
  }

  /** A manifest of one pod or of a list of them ({@code PodList}, or {@code List} of pods). */
  public static Manifest decodePods(String source, byte[] bytes) throws ManifestException {
    var warnings = new ArrayList<String>();
    var root = parse(source, bytes, warnings);
    expect(source, root, root, Set.of("Pod", "PodList", "List"));
    if (!LISTS.contains(kind(root))) {
      return new Manifest(source, List.of(bind(source, root, null, warnings)), warnings);
    }
    var pods = new ArrayList<Manifest.Entry>();
    var path = FieldPath.of("items");
    switch (root.get(path)) {
      case null -> {}
      case Located.Sequence(_, var items) -> {
        for (var item : items) {
          pods.add(item(source, root, item, path.index(pods.size()), warnings));
        }
      }
      case Located other when isNull(other) -> {}
      case Located other ->
          throw ManifestException.at(
              source, other.place(), path, "expected a list, got " + other.described());
    }
    return new Manifest(source, pods, warnings);
  }

  /** An item of a typed list names neither its kind nor its version; if it does, it must fit. */
  private static Manifest.Entry item(
      String source, Located root, Located item, FieldPath path, List<String> warnings)
      throws ManifestException {
    if (!(item instanceof Located.Mapping)) {
      throw ManifestException.at(
          source, item.place(), path, "expected a Pod, got " + item.described());
    }
    if (item.get(FieldPath.of("kind")) != null || "List".equals(kind(root))) {
      expect(source, root, item, Set.of("Pod"));
    }
    return bind(source, item, path, warnings);
  }

  private static Located parse(String source, byte[] bytes, List<String> warnings)
      throws ManifestException {
    if (bytes.length > LONGEST) {
      throw ManifestException.of(
          source, "longer than " + LONGEST + " bytes, the most a manifest may have");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw ManifestException.of(source, "not UTF-8 text");
    }
    text = text.startsWith("\ufeff") ? text.substring(1) : text;
    if (text.isBlank()) {
      throw ManifestException.of(source, "empty: expected a Pod");
    }
    return text.stripLeading().startsWith("{")
        ? JsonTree.read(source, text, warnings)
        : YamlTree.read(source, text, warnings);
  }

  @SuppressWarnings("ReferenceEquality") // the root itself, not a pod that says the same
  private static void expect(String source, Located root, Located object, Set<String> kinds)
      throws ManifestException {
    if (!(object instanceof Located.Mapping)) {
      throw ManifestException.at(
          source, object.place(), "expected a Pod, got " + object.described());
    }
    var sorted = String.join(" or ", kinds.stream().sorted().toList());
    expect(source, object, "apiVersion", Set.of("v1"), "v1");
    expect(source, object, "kind", kinds, object == root ? sorted : "Pod");
  }

  private static void expect(
      String source, Located object, String field, Set<String> allowed, String wording)
      throws ManifestException {
    var path = FieldPath.of(field);
    var value = object.get(path);
    if (value instanceof Located.Scalar(_, var text)
        && text.isTextual()
        && allowed.contains(text.asText())) {
      return;
    }
    throw ManifestException.at(
        source,
        object.find(path),
        path,
        "expected " + wording + ", got " + (value == null ? "nothing" : value.described()));
  }

  private static String kind(Located object) {
    return object.get(FieldPath.of("kind")) instanceof Located.Scalar(_, var text)
        ? text.asText()
        : "";
  }

  private static boolean isNull(Located value) {
    return value instanceof Located.Scalar(_, var scalar) && scalar.isNull();
  }

  private static Manifest.Entry bind(
      String source, Located object, FieldPath at, List<String> warnings) throws ManifestException {
    Pod pod = PodBinding.bind(source, object, at, warnings);
    return new Manifest.Entry(pod, object, at);
  }
}
