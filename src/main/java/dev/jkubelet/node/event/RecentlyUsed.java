package dev.jkubelet.node.event;

import java.util.LinkedHashMap;

/** A map by text that lets go of what was not used for longest. */
final class RecentlyUsed<V> {
  private static final float LOAD_FACTOR = 0.75f;

  private final int capacity;
  private final LinkedHashMap<String, V> map = new LinkedHashMap<>(16, LOAD_FACTOR, true);

  RecentlyUsed(int capacity) {
    this.capacity = capacity;
  }

  /** Null when it is not known, or no more. */
  V get(String key) {
    return map.get(key);
  }

  void put(String key, V value) {
    map.put(key, value);
    if (map.size() > capacity) {
      map.pollFirstEntry();
    }
  }
}
