package dev.jkubelet.volume;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The attached volumes that must stay so: who detaches them waits until the node's status does not
 * name them any more. Safe from any thread.
 */
final class CsiInUse {
  private final Set<String> names = new ConcurrentSkipListSet<>();
  private volatile Runnable onChange = () -> {};

  void onChange(Runnable listener) {
    onChange = listener;
  }

  void add(String name) {
    if (names.add(name)) {
      onChange.run();
    }
  }

  void remove(String name) {
    if (names.remove(name)) {
      onChange.run();
    }
  }

  List<String> names() {
    return List.copyOf(names);
  }
}
