package dev.jkubelet.runtime;

/**
 * A call that the fake received.
 *
 * @param target the container's id, or the image's reference; empty for lists
 * @param pod the pod's name, empty when the call is about none that is known
 * @param container the container's name in the spec, {@code POD} for a sandbox, else empty
 */
public record FakeCall(Verb verb, String target, String pod, String container) {
  /** The verbs of {@link ContainerRuntime}; the first one's second half is one of its own. */
  public enum Verb {
    INFO,
    LIST,
    INSPECT,
    RUN_SANDBOX,
    START_SANDBOX,
    CREATE,
    START,
    UPDATE,
    STOP,
    REMOVE,
    IMAGE,
    IMAGES,
    REMOVE_IMAGE,
    PULL,
    EXEC,
    ATTACH,
    CONNECT
  }

  static FakeCall plain(Verb verb) {
    return new FakeCall(verb, "", "", "");
  }

  static FakeCall ofImage(Verb verb, String reference) {
    return new FakeCall(verb, reference, "", "");
  }
}
