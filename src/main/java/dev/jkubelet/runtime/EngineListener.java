package dev.jkubelet.runtime;

import java.time.Duration;

/** Hears of each request to the engine, from any thread; must not block. */
@FunctionalInterface
public interface EngineListener {
  /** Nobody listens. */
  EngineListener NONE = (_, _, _) -> {};

  /**
   * The engine has answered, or failed to.
   *
   * @param operation as the kubelet calls it, {@code inspect_container}
   * @param took until the answer began
   */
  void requested(String operation, Duration took, boolean failed);
}
