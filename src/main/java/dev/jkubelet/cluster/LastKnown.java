package dev.jkubelet.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One object as the server last told. While the server is away, that is what counts; before it ever
 * answered, who asks waits for a while.
 */
final class LastKnown<T> implements Follower<T> {
  private final Duration patience;
  private final String kind;
  private final Runnable onChange;
  private boolean listed;
  private Optional<T> object = Optional.empty();
  private CompletableFuture<Optional<T>> waiting =
      CompletableFuture.completedFuture(Optional.empty());

  /**
   * @param patience how long to wait for the first answer
   * @param kind in lower case, for the message of who waited in vain
   * @param onChange run when it is another object than was told last, on any thread
   */
  LastKnown(Duration patience, String kind, Runnable onChange) {
    this.patience = patience;
    this.kind = kind;
    this.onChange = onChange;
  }

  /** Empty when there is no such object; fails in the kubelet's words when nobody could tell. */
  CompletionStage<Optional<T>> get() {
    synchronized (this) {
      if (listed) {
        return CompletableFuture.completedStage(object);
      }
      if (waiting.isDone()) {
        waiting =
            new CompletableFuture<Optional<T>>()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
      return waiting.exceptionallyCompose(_ -> CompletableFuture.failedStage(unsynced()));
    }
  }

  private IllegalStateException unsynced() {
    return new IllegalStateException(
        "failed to sync " + kind + " cache: timed out waiting for the condition");
  }

  @Override
  public void listed(List<T> all) {
    set(all.stream().findFirst());
  }

  @Override
  public void changed(T newest) {
    set(Optional.of(newest));
  }

  @Override
  public void deleted(T last) {
    set(Optional.empty());
  }

  private void set(Optional<T> newest) {
    CompletableFuture<Optional<T>> told;
    boolean changed;
    synchronized (this) {
      changed = listed && !object.equals(newest);
      listed = true;
      object = newest;
      told = waiting;
    }
    told.complete(newest);
    if (changed) {
      onChange.run();
    }
  }
}
