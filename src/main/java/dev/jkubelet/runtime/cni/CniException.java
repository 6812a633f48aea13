package dev.jkubelet.runtime.cni;

/** Why a pod's network could not be made or taken away, in the plugin's words where it had any. */
final class CniException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CniException(String message) {
    super(message);
  }

  CniException(String message, Throwable cause) {
    super(message, cause);
  }
}
