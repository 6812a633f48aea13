package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerLife.Instance;
import java.util.Optional;

/**
 * What is to be said of one container.
 *
 * @param current the newest instance, empty when none was made yet
 * @param previous the one before it, while the engine still has it
 * @param waiting why it does not run; without effect while it does
 * @param started its startup probe succeeded, or there is none
 * @param ready its readiness probe succeeded, or there is none
 */
record ContainerObservation(
    String name,
    Optional<Instance> current,
    Optional<Instance> previous,
    Optional<Waiting> waiting,
    boolean started,
    boolean ready) {}
