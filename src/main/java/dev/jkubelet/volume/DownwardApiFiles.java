package dev.jkubelet.volume;

import dev.jkubelet.model.Allocatable;
import dev.jkubelet.model.ResourceFields;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Files that tell a pod of its own metadata, and of the resources of its containers. */
record DownwardApiFiles(Pod pod, Allocatable allocatable) {
  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['(.*)'\\]");

  /**
   * @param mode of files that don't give their own
   */
  Map<String, AtomicFiles.Content> of(List<DownwardAPIVolumeFile> items, int mode)
      throws IOException {
    var files = new LinkedHashMap<String, AtomicFiles.Content>();
    for (var item : items) {
      files.put(
          item.getPath(),
          new AtomicFiles.Content(
              value(item).getBytes(StandardCharsets.UTF_8),
              Optional.ofNullable(item.getMode()).orElse(mode)));
    }
    return files;
  }

  private String value(DownwardAPIVolumeFile item) throws IOException {
    if (item.getFieldRef() != null) {
      return field(item.getFieldRef().getFieldPath());
    }
    if (item.getResourceFieldRef() != null) {
      return new ResourceFields(pod, allocatable).value(item.getResourceFieldRef(), null);
    }
    throw new IOException(
        "downwardAPI.items[%s]: expected fieldRef or resourceFieldRef".formatted(item.getPath()));
  }

  private String field(String field) throws IOException {
    var meta = pod.getMetadata();
    var subscript = SUBSCRIPT.matcher(field);
    if (subscript.matches()) {
      var map = subscript.group(1).equals("labels") ? meta.getLabels() : meta.getAnnotations();
      return Optional.ofNullable(map).map(all -> all.get(subscript.group(2))).orElse("");
    }
    return switch (field) {
      case "metadata.name" -> meta.getName();
      case "metadata.namespace" -> meta.getNamespace();
      case "metadata.uid" -> meta.getUid();
      case "metadata.labels" -> lines(meta.getLabels());
      case "metadata.annotations" -> lines(meta.getAnnotations());
      case String other -> throw new IOException("unsupported fieldPath: " + other);
    };
  }

  /** {@code key="value"} a line, sorted by key; no newline at the end. */
  private static String lines(Map<String, String> map) {
    if (map == null) {
      return "";
    }
    return new TreeMap<>(map)
        .entrySet().stream()
            .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
            .collect(Collectors.joining("\n"));
  }

  /** As Go's %q, which is what readers of these files unquote. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(escaped(c)));
    return quoted.append('"').toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> Character.isISOControl(c) ? String.format("\\x%02x", c) : Character.toString(c);
    };
  }
}
