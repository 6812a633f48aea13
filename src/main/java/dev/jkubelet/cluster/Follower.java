package dev.jkubelet.cluster;

import java.util.List;

/**
 * Hears of a set of objects: all of them first, then each change. All of them again after the
 * server's history was lost (410 Gone). One thread calls at a time, and must not be held up.
 */
public interface Follower<T> {
  /** The whole set as it stands; it replaces whatever was known. */
  void listed(List<T> all);

  /** One was added or changed. */
  void changed(T object);

  /** One is gone; {@code object} is its last known state. */
  void deleted(T object);
}
