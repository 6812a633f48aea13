package dev.jkubelet.pod;

import java.util.function.Function;

/** What a pod's actor hears from its own: its containers, its calls and its timers. */
sealed interface PodNews extends PodActor.Command {
  record ContainerChanged(ContainerActor.Report report) implements PodNews {}

  record ContainerEnded(String name) implements PodNews {}

  /** It ended, and all it had to say before has been heard. */
  record ContainerGone(String name) implements PodNews {}

  record Done(Function<PodLife, PodLife> outcome) implements PodNews {}

  /** The sandbox that is being started is made: containers may be made for it. */
  record SandboxMade(Habitat habitat) implements PodNews {}

  record Observed(PodCalls.Observation observation) implements PodNews {}

  record Failed(Throwable cause) implements PodNews {}

  record Removed() implements PodNews {}

  record RemovalFailed(Throwable cause) implements PodNews {}

  enum TimeUp implements PodNews {
    INSTANCE,
    DEADLINE,
    RENEWAL
  }
}
