package dev.jkubelet.node.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.cluster.ApiFailure;
import dev.jkubelet.cluster.NodesApi;
import dev.jkubelet.cluster.ObjectsApi;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.volume.csi.CsiNode;
import dev.jkubelet.volume.csi.CsiNodeRecord;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriverBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Tells the API server which CSI drivers the node has: in its CSINode object, in an annotation of
 * its Node and, of where it is, in labels of that. One change at a time; what others have written
 * stays.
 */
public final class CsiNodes implements CsiNodeRecord {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NODE_IDS = "csi.volume.kubernetes.io/nodeid";

  private final String nodeName;
  private final NodesApi nodes;
  private final ObjectsApi objects;

  public CsiNodes(String nodeName, NodesApi nodes, ObjectsApi objects) {
    this.nodeName = nodeName;
    this.nodes = nodes;
    this.objects = objects;
  }

  @Override
  public synchronized void add(String driver, CsiNode.Info info)
      throws IOException, InterruptedException {
    var node = await(nodes.get(nodeName));
    var ids = nodeIds(node);
    var labels = newLabels(node, info.topology());
    if (!info.nodeId().equals(ids.put(driver, info.nodeId())) || !labels.isEmpty()) {
      await(nodes.patch(nodeName, metadata(ids, labels)));
    }
    var wanted =
        new CSINodeDriverBuilder()
            .withName(driver)
            .withNodeID(info.nodeId())
            .withTopologyKeys(List.copyOf(new TreeSet<>(info.topology().keySet())));
    if (info.maxVolumes() > 0) {
      wanted
          .withNewAllocatable()
          .withCount(Math.toIntExact(Math.min(info.maxVolumes(), Integer.MAX_VALUE)))
          .endAllocatable();
    }
    put(node, wanted.build());
  }

  /** What a driver of before has told of itself can't be changed, only be replaced. */
  private void put(Node node, CSINodeDriver wanted) throws IOException, InterruptedException {
    var object = csiNode();
    if (object.isEmpty()) {
      await(objects.create(CSINode.class, initial(node, wanted)));
      return;
    }
    var before =
        object.get().getSpec().getDrivers().stream()
            .filter(known -> known.getName().equals(wanted.getName()))
            .findFirst();
    if (before.isPresent() && before.get().equals(wanted)) {
      return;
    }
    if (before.isPresent()) {
      patch(removed(wanted.getName()));
    }
    patch(JSON.valueToTree(wanted));
  }

  private Optional<CSINode> csiNode() throws IOException, InterruptedException {
    try {
      return Optional.of(await(objects.get(CSINode.class, null, nodeName)));
    } catch (IOException failure) {
      if (isNotFound(failure)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** It goes when the Node goes. */
  private CSINode initial(Node node, CSINodeDriver driver) {
    return new CSINodeBuilder()
        .withNewMetadata()
        .withName(nodeName)
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(nodeName)
        .withUid(node.getMetadata().getUid())
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .withDrivers(driver)
        .endSpec()
        .build();
  }

  private void patch(ObjectNode driver) throws IOException, InterruptedException {
    var json = JsonNodeFactory.instance;
    var spec = json.objectNode().set("drivers", json.arrayNode().add(driver));
    await(
        objects.patch(
            CSINode.class, null, nodeName, json.objectNode().set("spec", spec).toString()));
  }

  private static ObjectNode removed(String driver) {
    return JsonNodeFactory.instance.objectNode().put("name", driver).put("$patch", "delete");
  }

  /** Where the node is stays known: its volumes may still be there. */
  @Override
  public synchronized void remove(String driver) throws IOException, InterruptedException {
    try {
      patch(removed(driver));
      var ids = nodeIds(await(nodes.get(nodeName)));
      if (ids.remove(driver) != null) {
        await(nodes.patch(nodeName, metadata(ids, Map.of())));
      }
    } catch (IOException failure) {
      if (!isNotFound(failure)) {
        throw failure;
      }
    }
  }

  private static Map<String, String> nodeIds(Node node) throws IOException {
    var text =
        Optional.ofNullable(node.getMetadata().getAnnotations())
            .map(annotations -> annotations.get(NODE_IDS))
            .orElse("{}");
    try {
      return JSON.readValue(text, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException garbled) {
      throw new IOException(
          "failed to parse node's \"%s\" annotation value (\"%s\")".formatted(NODE_IDS, text),
          garbled);
    }
  }

  private static Map<String, String> newLabels(Node node, Map<String, String> topology)
      throws IOException {
    var labels = Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    var missing = new TreeMap<String, String>();
    for (var one : topology.entrySet()) {
      var before = labels.get(one.getKey());
      if (before == null) {
        missing.put(one.getKey(), one.getValue());
      } else if (!before.equals(one.getValue())) {
        throw new IOException(
            "detected topology value collision: driver reported \"%s\":\"%s\" but existing label is \"%s\":\"%s\""
                .formatted(one.getKey(), one.getValue(), one.getKey(), before));
      }
    }
    return missing;
  }

  private static String metadata(Map<String, String> ids, Map<String, String> labels)
      throws IOException {
    var patch = JsonNodeFactory.instance.objectNode();
    var metadata = patch.putObject("metadata");
    metadata
        .putObject("annotations")
        .put(NODE_IDS, ids.isEmpty() ? null : JSON.writeValueAsString(ids));
    if (!labels.isEmpty()) {
      metadata.set("labels", JSON.valueToTree(labels));
    }
    return patch.toString();
  }

  private static boolean isNotFound(IOException failure) {
    return failure.getCause() instanceof ApiFailure answer && answer.notFound();
  }

  /** On a thread that may wait; every call of the API ends in time. */
  private static <T> T await(CompletionStage<T> stage) throws IOException, InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failure) {
      var cause = RetryDelay.ofFailure(failure.getCause());
      throw new IOException(cause.getMessage(), cause);
    }
  }
}
