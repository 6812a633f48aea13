package dev.jkubelet.image;

/** {@code containers[].imagePullPolicy}. */
public enum PullPolicy {
  ALWAYS("Always"),
  IF_NOT_PRESENT("IfNotPresent"),
  NEVER("Never");

  private final String text;

  PullPolicy(String text) {
    this.text = text;
  }

  /**
   * Reads a manifest's value.
   *
   * @throws IllegalArgumentException naming the field and the values it may have
   */
  public static PullPolicy of(String text) {
    for (var policy : values()) {
      if (policy.text.equals(text)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "imagePullPolicy: expected Always, IfNotPresent or Never, got \"" + text + "\"");
  }

  @Override
  public String toString() {
    return text;
  }
}
