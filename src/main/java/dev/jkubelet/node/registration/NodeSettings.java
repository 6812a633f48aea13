package dev.jkubelet.node.registration;

import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator says of the node; names and meaning are those of the kubelet's flags.
 *
 * @param name of the Node object, and its host name
 * @param kubeletVersion such as {@code v1.20.2}
 * @param port of the kubelet's API, told in {@code daemonEndpoints}
 */
public record NodeSettings(
    String name,
    String kubeletVersion,
    int port,
    Registration registration,
    Reporting reporting,
    Resources resources) {

  /**
   * How the Node object is made.
   *
   * @param node {@code --register-node}: false if others make it
   * @param schedulable {@code --register-schedulable}
   * @param labels {@code --node-labels}
   * @param taints {@code --register-with-taints}
   * @param controllerAttachDetach {@code --enable-controller-attach-detach}
   * @param keepTerminatedPodVolumes {@code --keep-terminated-pod-volumes}
   */
  public record Registration(
      boolean node,
      boolean schedulable,
      Map<String, String> labels,
      List<Taint> taints,
      Optional<String> providerId,
      boolean controllerAttachDetach,
      boolean keepTerminatedPodVolumes) {}

  /**
   * How often is told how the node is.
   *
   * @param every {@code --node-status-update-frequency}: status is computed
   * @param atLeastEvery {@code nodeStatusReportFrequency}: and written though nothing changed
   * @param maxImages {@code --node-status-max-images}; -1 for all
   */
  public record Reporting(Duration every, Duration atLeastEvery, int maxImages) {}

  /**
   * What is offered to pods.
   *
   * @param podsPerCore 0 for no such limit
   * @param systemReserved by resource name
   * @param kubeReserved by resource name
   * @param evictionHard what is kept free because the node would evict pods
   */
  public record Resources(
      int maxPods,
      int podsPerCore,
      Map<String, Quantity> systemReserved,
      Map<String, Quantity> kubeReserved,
      Map<Signal, Threshold> evictionHard) {}
}
