package dev.jkubelet.runtime;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a fake container does.
 *
 * @param exitsAtOnce the exit code of one that ends as soon as it was started
 * @param ignoresTerm ends with 137 instead of 143 when it is stopped
 * @param startFailure the engine's word on why it can't start
 * @param oomKilled whether its end is the kernel's doing
 */
public record FakeBehaviour(
    OptionalInt exitsAtOnce,
    boolean ignoresTerm,
    Optional<String> startFailure,
    boolean oomKilled) {

  /** Runs until it is told to stop. */
  public static FakeBehaviour runs() {
    return new FakeBehaviour(OptionalInt.empty(), false, Optional.empty(), false);
  }

  public static FakeBehaviour exits(int code) {
    return new FakeBehaviour(OptionalInt.of(code), false, Optional.empty(), false);
  }

  public static FakeBehaviour ignoringTerm() {
    return new FakeBehaviour(OptionalInt.empty(), true, Optional.empty(), false);
  }

  public static FakeBehaviour failingToStart(String message) {
    return new FakeBehaviour(OptionalInt.empty(), false, Optional.of(message), false);
  }

  public static FakeBehaviour oomKilledAtOnce() {
    return new FakeBehaviour(OptionalInt.of(137), false, Optional.empty(), true);
  }
}
