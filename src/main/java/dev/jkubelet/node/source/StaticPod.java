package dev.jkubelet.node.source;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a manifest's pod this node's own, as the kubelet's {@code applyDefaults} does: a name that
 * no other node gives, a UID that is the manifest's hash, and the annotations that tell a static
 * pod from the API server's.
 */
public final class StaticPod {
  /** The manifest's hash: the pod's UID. */
  public static final String CONFIG_HASH = "kubernetes.io/config.hash";

  /** When the agent first saw the pod: RFC 3339 with nanoseconds. */
  public static final String CONFIG_SEEN = "kubernetes.io/config.seen";

  /** {@code file} or {@code http}. */
  public static final String CONFIG_SOURCE = "kubernetes.io/config.source";

  /** As Go prints RFC3339Nano: only as many decimals as there are. */
  private static final DateTimeFormatter RFC_3339_NANO =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private StaticPod() {}

  /**
   * Changes {@code pod} itself and returns it.
   *
   * @param pod decoded and defaulted; its status is dropped: a manifest can't know it
   * @param hash of the manifest, {@link dev.jkubelet.model.hash.PodHash}; a manifest's own UID
   *     takes its place
   * @param nodeName as registered; in the pod's name it is lowercased
   */
  public static Pod adopt(Pod pod, String hash, String nodeName, ManifestOrigin origin) {
    var metadata = pod.getMetadata();
    pod.setStatus(new PodStatus());
    if (isEmpty(metadata.getUid())) {
      metadata.setUid(hash);
    }
    if (!isEmpty(metadata.getName())) {
      metadata.setName(metadata.getName() + "-" + nodeName.toLowerCase(Locale.ROOT));
    }
    if (isEmpty(metadata.getNamespace())) {
      metadata.setNamespace("default");
    }
    metadata.setSelfLink(
        "/api/v1/namespaces/" + metadata.getNamespace() + "/pods/" + metadata.getName());
    var annotations = new LinkedHashMap<String, String>();
    if (metadata.getAnnotations() != null) {
      annotations.putAll(metadata.getAnnotations());
    }
    annotations.put(CONFIG_HASH, metadata.getUid());
    annotations.put(CONFIG_SOURCE, origin.source());
    metadata.setAnnotations(annotations);
    pod.getSpec().setNodeName(nodeName);
    if (origin instanceof ManifestOrigin.File) {
      tolerateEviction(pod);
    }
    pod.getStatus().setPhase("Pending");
    return pod;
  }

  /** Stamps an adopted pod with the moment of its first sight. */
  public static Pod seen(Pod pod, Instant at) {
    pod.getMetadata().getAnnotations().put(CONFIG_SEEN, time(at));
    return pod;
  }

  /** When the pod was first seen; empty where that was not stamped. */
  public static Optional<Instant> firstSeen(Pod pod) {
    try {
      return Optional.ofNullable(pod.getMetadata().getAnnotations())
          .map(all -> all.get(CONFIG_SEEN))
          .map(Instant::parse);
    } catch (DateTimeException foreign) {
      return Optional.empty();
    }
  }

  /** As {@link #CONFIG_SEEN} has it. */
  static String time(Instant at) {
    return RFC_3339_NANO.format(at);
  }

  /** No taint of the node ends a static pod, since nothing would bring it back elsewhere. */
  private static void tolerateEviction(Pod pod) {
    var tolerations = new ArrayList<Toleration>();
    var noExecute = new Toleration();
    noExecute.setOperator("Exists");
    noExecute.setEffect("NoExecute");
    var replaced = false;
    for (var given : pod.getSpec().getTolerations()) {
      var same = sameTaints(given, noExecute);
      tolerations.add(same ? noExecute : given);
      replaced |= same;
    }
    if (!replaced) {
      tolerations.add(noExecute);
    }
    pod.getSpec().setTolerations(tolerations);
  }

  private static boolean sameTaints(Toleration one, Toleration other) {
    return Objects.equals(one.getOperator(), other.getOperator())
        && Objects.equals(one.getEffect(), other.getEffect())
        && isEmpty(one.getKey())
        && isEmpty(one.getValue());
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }
}
