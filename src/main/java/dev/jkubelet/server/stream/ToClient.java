package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.Output;

/** What the client of a remote command is told. */
sealed interface ToClient {
  /** What the process wrote. */
  record Written(Output output) implements ToClient {}

  /** How it went; always the last. */
  record Ended(CommandResult result) implements ToClient {}
}
