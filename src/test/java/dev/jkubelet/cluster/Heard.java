package dev.jkubelet.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;

/** A follower that remembers what it heard, in order. */
final class Heard<T extends HasMetadata> implements Follower<T> {
  /** {@code listed}, {@code changed} or {@code deleted}, with the objects. */
  record Word<T>(String what, List<T> objects) {
    T object() {
      return objects.getFirst();
    }

    @Override
    public String toString() {
      return what + objects.stream().map(o -> ((HasMetadata) o).getMetadata().getName()).toList();
    }
  }

  private final LinkedBlockingQueue<Word<T>> words = new LinkedBlockingQueue<>();

  @Override
  public void listed(List<T> all) {
    words.add(new Word<>("listed", all));
  }

  @Override
  public void changed(T object) {
    words.add(new Word<>("changed", List.of(object)));
  }

  @Override
  public void deleted(T object) {
    words.add(new Word<>("deleted", List.of(object)));
  }

  Word<T> next() {
    try {
      var word = words.poll(60, SECONDS);
      if (word == null) {
        throw new AssertionError("nothing was heard for a minute");
      }
      return word;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The next word, which must be that one. */
  Word<T> next(String what) {
    var word = next();
    if (!word.what().equals(what)) {
      throw new AssertionError("expected " + what + ", heard " + word);
    }
    return word;
  }

  /** The first change, from now on, to which that applies; nothing else may come between. */
  T changedUntil(Predicate<T> condition) {
    while (true) {
      var object = next("changed").object();
      if (condition.test(object)) {
        return object;
      }
    }
  }

  /** What is deleted in the end; changes may come before. */
  T deletedAfterChanges() {
    var word = next();
    while (word.what().equals("changed")) {
      word = next();
    }
    if (!word.what().equals("deleted")) {
      throw new AssertionError("expected deleted, heard " + word);
    }
    return word.object();
  }

  boolean nothing() {
    return words.isEmpty();
  }
}
