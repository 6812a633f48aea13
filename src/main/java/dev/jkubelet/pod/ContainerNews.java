package dev.jkubelet.pod;

/** What a container's actor hears from its own: its calls, its timers and its probes. */
sealed interface ContainerNews extends ContainerActor.Command {
  record Done(int call, ContainerLife life) implements ContainerNews {}

  record Prepared(int call, Launch.Prepared image) implements ContainerNews {}

  record Failed(int call, Throwable cause) implements ContainerNews {}

  record Probed(ProbeActor.Verdict verdict) implements ContainerNews {}

  enum TimeUp implements ContainerNews {
    INSTANCE
  }
}
