package dev.jkubelet.node;

import dev.jkubelet.pod.PodSnapshot;
import java.util.concurrent.CompletionStage;

/** Makes sure that the API server has heard the last of a pod. */
@FunctionalInterface
public interface FinalStatus {
  /** Done once it is written, or the API server does not know the pod. */
  CompletionStage<Void> written(PodSnapshot last);
}
