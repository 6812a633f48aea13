package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.volume.csi.FolderPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Volumes of a CSI driver on a real node, which its cluster's own controllers have attached. */
class CsiRunTest extends ClusterRun {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String STORAGE = "/apis/storage.k8s.io/v1/";
  private static final String CLAIM = "/api/v1/namespaces/default/persistentvolumeclaims/csi";
  private static final String DRIVER = FolderPlugin.DRIVER;

  private static final String VOLUME =
      """
      apiVersion: storage.k8s.io/v1
      kind: CSIDriver
      metadata: {name: %1$s}
      spec: {attachRequired: true, podInfoOnMount: true}
      ---
      apiVersion: v1
      kind: PersistentVolume
      metadata: {name: csi-pv}
      spec:
        storageClassName: ""
        capacity: {storage: 1Gi}
        accessModes: [ReadWriteMany]
        claimRef: {namespace: default, name: csi}
        csi: {driver: %1$s, volumeHandle: vol-1, volumeAttributes: {kind: fast}}
      ---
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata: {name: csi}
      spec:
        storageClassName: ""
        volumeName: csi-pv
        accessModes: [ReadWriteMany]
        resources: {requests: {storage: 1Gi}}
      """
          .formatted(DRIVER);

  private static final String PODS =
      claiming("writer", "echo kept > /data/file; " + LOOP) + "---\n" + claiming("reader", LOOP);

  private static final String GROWN =
      "MountVolume.NodeExpandVolume succeeded for volume \"csi-pv\" \n";

  private FolderPlugin plugin;

  private static String claiming(String name, String command) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          nodeName: test-node
          terminationGracePeriodSeconds: 1
          volumes: [{name: data, persistentVolumeClaim: {claimName: csi}}]
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, "%s"]
            volumeMounts: [{name: data, mountPath: /data}]
        """
        .formatted(name, command);
  }

  @AfterEach
  void leavesNoStorage() throws IOException {
    kubectl("delete", "pods", "--all", "--grace-period=1", "--timeout=60s");
    kubectl("delete", "pvc/csi", "pv/csi-pv", "csidriver/" + DRIVER, "--timeout=30s");
    plugin.close();
  }

  @Test
  void podsShareAVolumeWhichOutlivesAnAgentAndGoesWithTheLast() throws IOException {
    plugin = FolderPlugin.start(agent.root.resolve("plugins_registry"), state.resolve("volumes"));
    join();
    awaitNode();
    eventually("the driver is the node's", () -> csiNode().equals(DRIVER + " 7"));
    assertThat(node(".metadata.annotations.csi\\.volume\\.kubernetes\\.io/nodeid"))
        .isEqualTo("{\"" + DRIVER + "\":\"folders-of-this-node\"}");
    assertThat(node(".metadata.labels")).contains("\"" + DRIVER + "/rack\":\"r1\"");

    Cluster.apply(VOLUME);
    Cluster.apply(PODS);
    eventually("the cluster attaches it", () -> !attachment().isEmpty());
    eventually("pods wait for that", () -> events("writer", "FailedMount").contains("attach"));
    change(STORAGE + "volumeattachments/" + attachment(), CsiRunTest::attach);
    eventually("both run", () -> ready("writer") && ready("reader"));

    assertThat(kubectl("exec", "reader", "--", "cat", "/data/file")).isEqualTo("kept\n");
    assertThat(plugin.published.map(2)).containsEntry("device", "sdx");
    assertThat(plugin.published.map(8))
        .containsEntry("kind", "fast")
        .containsEntry("csi.storage.k8s.io/pod.namespace", "default");
    assertThat(node(".status.volumesInUse[*]")).isEqualTo("kubernetes.io/csi/" + DRIVER + "^vol-1");
    assertThat(mounts()).hasSize(3);

    growsWhileItIsInUse();

    agent.kill();
    kubectl("delete", "pod", "reader", "--grace-period=0", "--force");
    resize("3Gi");
    join();

    eventually("what is gone is let go", () -> mounts().size() == 2);
    eventually("it grows", () -> claim("{.status.capacity.storage}").equals("3Gi"));
    assertThat(plugin.calls).contains("to " + (3L << 30)).doesNotContain("NodeUnstageVolume vol-1");
    assertThat(get("writer", ".status.containerStatuses[0].restartCount")).isEqualTo("0");
    assertThat(kubectl("exec", "writer", "--", "cat", "/data/file")).isEqualTo("kept\n");

    kubectl("delete", "pod", "writer", "--timeout=60s");
    eventually("the cluster detaches it", () -> attachment().isEmpty());
    assertThat(mounts()).isEmpty();
    assertThat(plugin.calls).last().isEqualTo("NodeUnstageVolume vol-1");
    assertThat(state.resolve("volumes/vol-1/file")).hasContent("kept");
    plugin.close();
    eventually("the driver is gone", () -> csiNode().isEmpty());
  }

  /** A change of a pod has it looked at, which else comes within a minute, with either pod. */
  private void growsWhileItIsInUse() throws IOException {
    resize("2Gi");
    kubectl("annotate", "pod", "writer", "looked=at");
    eventually("it grows", () -> claim("{.status.capacity.storage}").equals("2Gi"));
    assertThat(claim("{.status.conditions}")).isEmpty();
    assertThat(plugin.calls).contains("to " + (2L << 30));
    eventually(
        "the pod that it was looked at for is told of",
        () -> (grown("writer") + grown("reader")).contains(GROWN));
    eventually("the claim is told of", () -> grown("csi").contains(GROWN));
  }

  private static String grown(String object) {
    return events(object, "FileSystemResizeSuccessful");
  }

  private void resize(String size) throws IOException {
    var patch = "{\"spec\":{\"capacity\":{\"storage\":\"%s\"}}}".formatted(size);
    kubectl("patch", "pv", "csi-pv", "-p", patch);
    change(CLAIM, CsiRunTest::waitForSize);
  }

  private static String csiNode() {
    return kubectl(
            "get",
            "csinode",
            "test-node",
            "-o",
            "jsonpath={range .spec.drivers[*]}{.name} {.allocatable.count}{end}")
        .strip();
  }

  private static String attachment() {
    return kubectl("get", "volumeattachments", "-o", "jsonpath={.items[*].metadata.name}");
  }

  private static String claim(String path) {
    return kubectl("get", "pvc", "csi", "-o", "jsonpath=" + path);
  }

  private List<String> mounts() {
    try {
      return Files.readString(Path.of("/proc/self/mountinfo"))
          .lines()
          .filter(line -> line.contains(" " + agent.root + "/") && line.contains("csi"))
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void attach(ObjectNode status) {
    status.put("attached", true).putObject("attachmentMetadata").put("device", "sdx");
  }

  private static void waitForSize(ObjectNode status) {
    status
        .putArray("conditions")
        .addObject()
        .put("type", "FileSystemResizePending")
        .put("status", "True");
  }

  /** What a controller of the driver's would write, which kubectl has no word for. */
  private void change(String path, Consumer<ObjectNode> status) throws IOException {
    var object = (ObjectNode) JSON.readTree(kubectl("get", "--raw", path));
    status.accept(object.withObject("/status"));
    var file = Files.writeString(state.resolve("object.json"), object.toString());
    kubectl("replace", "--raw", path + "/status", "-f", file.toString());
  }
}
