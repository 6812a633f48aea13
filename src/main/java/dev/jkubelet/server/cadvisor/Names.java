package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What a person calls a cgroup, and where its page is. */
final class Names {
  private Names() {}

  /** {@code httpd}, {@code default/web}, {@code burstable}, {@code machine}. */
  static String of(ContainerRecord record) {
    return switch (record.kind()) {
      case MACHINE -> "machine";
      case POD ->
          record.pod().filter(key -> !key.name().isEmpty()).map(Names::pod).orElse(last(record));
      case SANDBOX, CONTAINER ->
          record.container().map(ContainerRecord.Container::name).orElse(last(record));
      case GROUP -> last(record);
    };
  }

  /** With the pod's name, where there is one: {@code default/web/httpd}. */
  static String full(ContainerRecord record) {
    return record.container().isPresent() && record.pod().isPresent()
        ? pod(record.pod().get()) + "/" + of(record)
        : of(record);
  }

  static String kind(ContainerRecord record) {
    return record.kind().name().toLowerCase(Locale.ROOT);
  }

  static String page(ContainerRecord record) {
    return "/containers" + encode(record.path());
  }

  private static String pod(dev.jkubelet.model.PodKey key) {
    return key.namespace() + "/" + key.name();
  }

  private static String last(ContainerRecord record) {
    return record.path().substring(record.path().lastIndexOf('/') + 1);
  }

  /** A path as a URL has it. */
  static String encode(String path) {
    var out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~:@".indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return out.toString();
  }
}
