package dev.jkubelet.cgroup;

import dev.jkubelet.model.QosClass;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kubelet's names below {@code --cgroup-root}.
 *
 * @param root the value of the flag
 */
record PodCgroupNames(CgroupName root) {
  private static final String POD = "pod";

  static PodCgroupNames below(String cgroupRoot) {
    return new PodCgroupNames(CgroupName.parse(cgroupRoot));
  }

  CgroupName kubepods() {
    return root.child("kubepods");
  }

  /** Guaranteed pods have no class of their own: theirs are beside the classes. */
  CgroupName qos(QosClass qos) {
    return switch (qos) {
      case GUARANTEED -> kubepods();
      case BURSTABLE -> kubepods().child("burstable");
      case BEST_EFFORT -> kubepods().child("besteffort");
    };
  }

  List<CgroupName> classes() {
    return Stream.of(QosClass.values()).map(this::qos).toList();
  }

  CgroupName pod(Pod pod) {
    return pod(QosClass.of(pod), pod.getMetadata().getUid());
  }

  /** Wherever the pod may be: its class is not known once it is gone. */
  List<CgroupName> candidates(String podUid) {
    return Stream.of(QosClass.values()).map(qos -> pod(qos, podUid)).toList();
  }

  private CgroupName pod(QosClass qos, String uid) {
    if (uid == null || !uid.matches("[A-Za-z0-9.-]{1,128}")) {
      throw new IllegalArgumentException(
          "metadata.uid \"%s\": expected 1 to 128 letters, digits, '.' and '-'".formatted(uid));
    }
    return qos(qos).child(POD + uid);
  }

  /** The UID in a folder's name of the cgroupfs driver, as {@link #pod} made it. */
  static Stream<String> uidOfCgroupfs(String folder) {
    return folder.startsWith(POD) ? Stream.of(folder.substring(POD.length())) : Stream.empty();
  }

  /** The UID in a slice's name, {@code kubepods-burstable-pod12_34.slice}. */
  static Stream<String> uidOfSystemd(String folder) {
    var name = folder.substring(folder.lastIndexOf('-') + 1);
    return name.endsWith(".slice")
        ? uidOfCgroupfs(name.substring(0, name.length() - ".slice".length()).replace('_', '-'))
        : Stream.empty();
  }
}
