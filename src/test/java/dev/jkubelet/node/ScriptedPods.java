package dev.jkubelet.node;

import dev.jkubelet.cluster.ApiFailure;
import dev.jkubelet.cluster.Follower;
import dev.jkubelet.cluster.Following;
import dev.jkubelet.cluster.PodsApi;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The API server's pods as a test wants them: it notes what is asked and answers as told. */
public final class ScriptedPods implements PodsApi {
  /** A deletion that was asked for. */
  public record Deletion(PodKey pod, Duration grace) {}

  private final List<Pod> created = new CopyOnWriteArrayList<>();
  private final List<Deletion> deletions = new CopyOnWriteArrayList<>();
  private final AtomicInteger failing = new AtomicInteger();
  private volatile Follower<Pod> follower;
  private volatile boolean closed;

  /** The next calls find no server. */
  public void failNext(int calls) {
    failing.set(calls);
  }

  public List<Pod> created() {
    return List.copyOf(created);
  }

  public List<Deletion> deletions() {
    return List.copyOf(deletions);
  }

  /** Who follows. */
  public Follower<Pod> follower() {
    return follower;
  }

  public boolean closed() {
    return closed;
  }

  @Override
  public Following follow(Follower<Pod> newest) {
    follower = newest;
    return () -> closed = true;
  }

  @Override
  public CompletionStage<Pod> get(String namespace, String name) {
    throw new UnsupportedOperationException("nobody asks for one pod");
  }

  @Override
  public CompletionStage<Pod> create(Pod pod) {
    created.add(pod);
    return answer(
        () ->
            new PodBuilder(pod)
                .editMetadata()
                .withUid("mirror-" + created.size())
                .endMetadata()
                .build());
  }

  @Override
  public CompletionStage<Pod> patchStatus(PodKey pod, String patch) {
    throw new UnsupportedOperationException("nobody writes statuses");
  }

  @Override
  public CompletionStage<Void> delete(PodKey pod, Duration grace) {
    deletions.add(new Deletion(pod, grace));
    return answer(() -> null);
  }

  private <T> CompletionStage<T> answer(Supplier<T> success) {
    return failing.getAndUpdate(n -> Math.max(0, n - 1)) > 0
        ? CompletableFuture.failedStage(
            new ApiFailure(0, "", "connection refused", Duration.ZERO, null))
        : CompletableFuture.completedStage(success.get());
  }
}
