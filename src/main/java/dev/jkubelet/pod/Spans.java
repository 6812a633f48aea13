package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Hears of the steps by which pods start, for whoever traces them. Called by actors from any
 * thread; must not block.
 */
public interface Spans {
  String VOLUMES = "volumes";
  String SANDBOX = "sandbox";
  String PULL = "pull";
  String CREATE = "create";
  String START = "start";

  /** Nobody traces. */
  Spans NONE =
      new Spans() {
        @Override
        public void admitted(Pod pod) {}

        @Override
        public <T> CompletionStage<T> step(
            Pod pod, String container, String name, Supplier<CompletionStage<T>> step) {
          return step.get();
        }

        @Override
        public void told(Pod pod, String phase) {}
      };

  /** The node takes the pod in; from now on it is brought to run. */
  void admitted(Pod pod);

  /**
   * Takes a step and times it.
   *
   * @param container empty for a step of the pod as a whole
   * @param name one of this interface's
   * @return what the step returned
   */
  <T> CompletionStage<T> step(
      Pod pod, String container, String name, Supplier<CompletionStage<T>> step);

  /** The pod's status was told with this phase. */
  void told(Pod pod, String phase);
}
