package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.net.URLEncoder;

/** Paths of the API server. */
final class ApiPath {
  private ApiPath() {}

  /** All objects of a kind, in the whole cluster. */
  static String of(Class<? extends HasMetadata> kind) {
    return root(kind) + "/" + HasMetadata.getPlural(kind);
  }

  /** All objects of a kind in a namespace; null for the cluster's. */
  static String of(Class<? extends HasMetadata> kind, String namespace) {
    return namespace == null
        ? of(kind)
        : root(kind) + "/namespaces/" + encoded(namespace) + "/" + HasMetadata.getPlural(kind);
  }

  /** One object; null namespace for the cluster's. */
  static String of(Class<? extends HasMetadata> kind, String namespace, String name) {
    return of(kind, namespace) + "/" + encoded(name);
  }

  /** A field selector for a list's query. */
  static String where(String field, String value) {
    return "fieldSelector=" + encoded(field + "=" + value);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** The core group has a root of its own. */
  private static String root(Class<? extends HasMetadata> kind) {
    var version = HasMetadata.getApiVersion(kind);
    return (version.contains("/") ? "/apis/" : "/api/") + version;
  }
}
