package dev.jkubelet.server;

import java.nio.file.Path;

/** A certificate or key file that can't be used; the message names flag and file. */
public final class InvalidTlsFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidTlsFile(String flag, Path file, String problem, Throwable cause) {
    super(flag + " " + file + ": " + problem, cause);
  }

  InvalidTlsFile(String flag, Path file, String problem) {
    this(flag, file, problem, null);
  }
}
