package dev.jkubelet.pod;

import dev.jkubelet.runtime.Image;

/** The way from nothing to a running container, and where it can end early. */
final class Launch {
  private Launch() {}

  /** What the image's turn came to. */
  sealed interface Prepared {
    record Ready(Image image) implements Prepared {}

    /**
     * There is no image to run.
     *
     * @param failed what the status says at first
     * @param backingOff what it says once the failure is no news any more; the same where there is
     *     no back-off
     */
    record NotReady(Waiting failed, Waiting backingOff) implements Prepared {}
  }

  /** The container's own spec, or its start, is at fault; not the engine's health. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Waiting waiting;

    Refused(Waiting waiting, Throwable cause) {
      super(waiting.reason() + ": " + waiting.message(), cause);
      this.waiting = waiting;
    }

    Waiting waiting() {
      return waiting;
    }
  }
}
