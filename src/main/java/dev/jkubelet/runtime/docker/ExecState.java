package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;

/** Where a process of exec stands, as the engine's inspection of it tells. */
sealed interface ExecState {
  /**
   * Asked for. The engine calls a process running before it is there, and has no number for it
   * until a moment after it is.
   */
  record Starting() implements ExecState {}

  /** There, under that number of the engine's namespace of processes. */
  record Running(long pid) implements ExecState {}

  record Ended(int exitCode) implements ExecState {}

  static ExecState of(JsonNode inspection) {
    if (inspection.path("Running").asBoolean()) {
      long pid = inspection.path("Pid").asLong();
      return pid == 0 ? new Starting() : new Running(pid);
    }
    var exitCode = inspection.path("ExitCode");
    return exitCode.isNumber() ? new Ended(exitCode.asInt()) : new Starting();
  }
}
