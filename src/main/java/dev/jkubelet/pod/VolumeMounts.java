package dev.jkubelet.pod;

import dev.jkubelet.runtime.ContainerConfig.Mount;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Finds what of the pod's volumes a container sees where. */
@FunctionalInterface
public interface VolumeMounts {
  /**
   * The container's {@code volumeMounts}, in its order.
   *
   * @param volumes host paths by volume name
   * @param expand replaces {@code $(VAR)} of a subPathExpr by the container's variables
   * @return ends within a time limit; fails also as {@code expand} does
   */
  CompletionStage<List<Mount>> of(
      Pod pod, Container container, Map<String, Path> volumes, UnaryOperator<String> expand);
}
