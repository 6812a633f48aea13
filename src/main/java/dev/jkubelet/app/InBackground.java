package dev.jkubelet.app;

/** Runs calls on files that nobody waits for, each on a virtual thread. */
final class InBackground {
  private InBackground() {}

  static void run(Runnable fileCalls) {
    Thread.ofVirtual().name("files").start(fileCalls);
  }
}
