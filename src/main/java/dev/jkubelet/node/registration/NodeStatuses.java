package dev.jkubelet.node.registration;

import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.runtime.Image;
import io.fabric8.kubernetes.api.model.ContainerImage;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The node's status as the kubelet computes it.
 *
 * @param changes reasons of the events that tell of it
 */
record NodeStatuses(NodeStatus status, List<String> changes) {
  private static final int NAMES_PER_IMAGE = 5;

  /**
   * What is the case.
   *
   * @param problems why the node is not ready
   * @param volumesInUse unique names of attached volumes
   */
  record Condition(NodePressures pressures, List<String> problems, List<String> volumesInUse) {}

  /**
   * From what was told until now.
   *
   * @param before null for a node that is new
   */
  static NodeStatuses of(
      NodeSettings settings, NodeFacts facts, NodeStatus before, Condition condition, Instant now) {
    var base = before == null ? new NodeStatus() : before;
    var resources =
        NodeResources.of(
            settings.resources(),
            facts.amounts(),
            Objects.requireNonNullElse(base.getCapacity(), Map.of()));
    var conditions =
        NodeConditions.of(
            base.getConditions(), condition.pressures(), problems(condition, facts), now);
    var status =
        new NodeStatusBuilder(base)
            .withCapacity(resources.capacity())
            .withAllocatable(resources.allocatable())
            .withConditions(conditions.all())
            .withImages(images(facts.images(), settings.reporting().maxImages()))
            .withVolumesInUse(condition.volumesInUse())
            .editOrNewDaemonEndpoints()
            .withNewKubeletEndpoint(settings.port())
            .endDaemonEndpoints()
            .editOrNewNodeInfo()
            .withMachineID(facts.machine().machineId())
            .withSystemUUID(facts.machine().systemUuid())
            .withBootID(facts.machine().bootId())
            .withKernelVersion(facts.kernelVersion())
            .withOsImage(facts.osImage())
            .withContainerRuntimeVersion("docker://" + facts.engineVersion())
            .withKubeletVersion(settings.kubeletVersion())
            .withKubeProxyVersion(settings.kubeletVersion())
            .withOperatingSystem(Platform.OS)
            .withArchitecture(Platform.ARCHITECTURE)
            .endNodeInfo();
    if (!facts.ips().isEmpty()) {
      status.withAddresses(NodeAddresses.objects(facts.ips(), settings.name()));
    }
    return new NodeStatuses(status.build(), conditions.changes());
  }

  /** The engine's first, as the kubelet has them. */
  private static List<String> problems(Condition condition, NodeFacts facts) {
    return Stream.concat(condition.problems().stream(), facts.networkProblem().stream()).toList();
  }

  /** The largest first, digests before tags. */
  private static List<ContainerImage> images(List<Image> images, int most) {
    return images.stream()
        .sorted(Comparator.comparingLong(Image::size).reversed())
        .limit(most < 0 ? Long.MAX_VALUE : most)
        .map(image -> new ContainerImage(names(image), image.size()))
        .toList();
  }

  private static List<String> names(Image image) {
    var names = new ArrayList<>(image.digests());
    names.addAll(image.tags());
    return names.stream().limit(NAMES_PER_IMAGE).toList();
  }
}
