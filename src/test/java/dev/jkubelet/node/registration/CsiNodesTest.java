package dev.jkubelet.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.FakeApi;
import dev.jkubelet.volume.csi.CsiNode.Info;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeBuilder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the API server is told of the CSI drivers of a node. */
class CsiNodesTest {
  private static final String DRIVER = "driver.example";
  private static final Info INFO = new Info("id-1", 7, Map.of("zone", "z1", "rack", "r1"));

  private final FakeApi api = new FakeApi();
  private final CsiNodes nodes = new CsiNodes("node-1", api.nodes(), api.objects());

  /** A deed that waits for the API server. */
  private interface Deed {
    void run() throws Exception;
  }

  private static CompletableFuture<String> start(Deed deed) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            deed.run();
            return "done";
          } catch (Exception failure) {
            return failure.getMessage();
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void aNodeThatHadNoneGetsItsIdItsPlaceAndItsCsiNode() throws Exception {
    var added = start(() -> nodes.add(DRIVER, INFO));
    api.expect("get node node-1").succeed(node(Map.of(), Map.of("zone", "z1")));
    var patch = api.expect("patch node node-1");
    assertThat(patch.body())
        .isEqualTo(
            "{\"metadata\":{\"annotations\":{\"csi.volume.kubernetes.io/nodeid\":"
                + "\"{\\\"driver.example\\\":\\\"id-1\\\"}\"},\"labels\":{\"rack\":\"r1\"}}}");
    patch.succeed(node(Map.of(), Map.of()));
    api.expect("get csinode node-1").fail(404, "NotFound");

    var create = api.expect("create csinode node-1");

    var object = (CSINode) create.body();
    var owner = object.getMetadata().getOwnerReferences().getFirst();
    assertThat(owner.getKind() + " " + owner.getUid()).isEqualTo("Node uid-1");
    var driver = object.getSpec().getDrivers().getFirst();
    assertThat(driver.getName()).isEqualTo(DRIVER);
    assertThat(driver.getNodeID()).isEqualTo("id-1");
    assertThat(driver.getTopologyKeys()).containsExactly("rack", "zone");
    assertThat(driver.getAllocatable().getCount()).isEqualTo(7);
    create.succeed(object);
    assertThat(added.join()).isEqualTo("done");
  }

  @Test
  void whatIsRightAlreadyIsLeftAlone() throws Exception {
    var added = start(() -> nodes.add(DRIVER, new Info("id-1", 0, Map.of())));
    api.expect("get node node-1").succeed(registered());
    api.expect("get csinode node-1").succeed(csiNode("id-1"));
    assertThat(added.join()).isEqualTo("done");
    api.expectNone();
  }

  @Test
  void anotherIdReplacesTheOldOneAndOtherDriversStay() throws Exception {
    var added = start(() -> nodes.add(DRIVER, new Info("id-2", 0, Map.of())));
    api.expect("get node node-1").succeed(registered());
    var annotation = api.expect("patch node node-1");
    assertThat(annotation.body()).asString().contains("id-2", "other.example");
    annotation.succeed(registered());
    api.expect("get csinode node-1").succeed(csiNode("id-1"));
    var removal = api.expect("patch csinode node-1");
    assertThat(removal.body())
        .isEqualTo(
            "{\"spec\":{\"drivers\":[{\"name\":\"driver.example\",\"$patch\":\"delete\"}]}}");
    removal.succeed(csiNode("id-1"));
    var addition = api.expect("patch csinode node-1");
    assertThat(addition.body())
        .asString()
        .contains("\"name\":\"driver.example\"", "\"nodeID\":\"id-2\"")
        .doesNotContain("other.example");
    addition.succeed(csiNode("id-2"));
    assertThat(added.join()).isEqualTo("done");
  }

  @Test
  void anotherPlaceThanTheNodeHasIsRefused() throws Exception {
    var added = start(() -> nodes.add(DRIVER, INFO));
    api.expect("get node node-1").succeed(node(Map.of(), Map.of("zone", "z2")));
    assertThat(added.join())
        .isEqualTo(
            "detected topology value collision: driver reported \"zone\":\"z1\" but existing label is \"zone\":\"z2\"");
  }

  @Test
  void aDriverThatIsGoneIsTakenOut() throws Exception {
    var removed = start(() -> nodes.remove(DRIVER));
    api.expect("patch csinode node-1").succeed(csiNode("id-1"));
    api.expect("get node node-1").succeed(registered());
    var patch = api.expect("patch node node-1");
    assertThat(patch.body())
        .isEqualTo(
            "{\"metadata\":{\"annotations\":{\"csi.volume.kubernetes.io/nodeid\":"
                + "\"{\\\"other.example\\\":\\\"o\\\"}\"}}}");
    patch.succeed(registered());
    assertThat(removed.join()).isEqualTo("done");
  }

  @Test
  void whereThereIsNoSuchNodeNothingIsToBeTakenOut() throws Exception {
    var removed = start(() -> nodes.remove(DRIVER));
    api.expect("patch csinode node-1").fail(404, "NotFound");
    assertThat(removed.join()).isEqualTo("done");
  }

  private static Node registered() {
    var ids = "{\"driver.example\":\"id-1\",\"other.example\":\"o\"}";
    return node(Map.of("csi.volume.kubernetes.io/nodeid", ids), Map.of());
  }

  private static Node node(Map<String, String> annotations, Map<String, String> labels) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("node-1")
        .withUid("uid-1")
        .withAnnotations(annotations)
        .withLabels(labels)
        .endMetadata()
        .build();
  }

  private static CSINode csiNode(String id) {
    return new CSINodeBuilder()
        .withNewSpec()
        .addNewDriver()
        .withName("other.example")
        .withNodeID("o")
        .endDriver()
        .addNewDriver()
        .withName(DRIVER)
        .withNodeID(id)
        .endDriver()
        .endSpec()
        .build();
  }
}
