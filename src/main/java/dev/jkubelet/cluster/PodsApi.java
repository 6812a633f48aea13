package dev.jkubelet.cluster;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Pods of the core group, v1. */
public interface PodsApi {
  /** All pods bound to this node ({@code spec.nodeName}), and what becomes of them. */
  Following follow(Follower<Pod> follower);

  CompletionStage<Pod> get(String namespace, String name);

  /** A mirror pod. */
  CompletionStage<Pod> create(Pod pod);

  /**
   * A strategic merge patch of the status subresource.
   *
   * @param patch JSON; with {@code metadata.uid} in it, a pod of the same name that is another one
   *     is a conflict
   */
  CompletionStage<Pod> patchStatus(PodKey pod, String patch);

  /** Deletes the pod of that very UID and no other; already gone is a success. */
  CompletionStage<Void> delete(PodKey pod, Duration grace);
}
