package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;

/**
 * A pod as it stands: immutable, pushed up by its actor at every change.
 *
 * @param pod the desired pod with its status filled in; never mutated after it is published
 * @param containers by name, init containers included
 */
public record PodSnapshot(Pod pod, Map<String, ContainerSnapshot> containers) {}
