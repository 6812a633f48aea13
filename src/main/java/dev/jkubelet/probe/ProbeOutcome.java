package dev.jkubelet.probe;

/** What one look at a container came to. */
public sealed interface ProbeOutcome {
  /** It does what it should. */
  record Success(String output) implements ProbeOutcome {}

  /** It answered, but with something that an operator should see. */
  record Warning(String output) implements ProbeOutcome {}

  /** It does not, or not in time. */
  record Failure(String output) implements ProbeOutcome {}

  /** Nobody can tell: the look itself failed. */
  record Unknown(String error) implements ProbeOutcome {}
}
