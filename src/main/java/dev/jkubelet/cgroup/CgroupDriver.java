package dev.jkubelet.cgroup;

/** Who makes cgroups; {@code --cgroup-driver}. It has to be the engine's own. */
public enum CgroupDriver {
  CGROUPFS("cgroupfs"),
  SYSTEMD("systemd");

  private final String text;

  CgroupDriver(String text) {
    this.text = text;
  }

  /** As the flag and the engine spell it. */
  public String text() {
    return text;
  }

  /**
   * Reads the flag's spelling.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static CgroupDriver of(String text) {
    for (var driver : values()) {
      if (driver.text.equals(text)) {
        return driver;
      }
    }
    throw new IllegalArgumentException(
        "cgroupDriver \"%s\": expected cgroupfs or systemd".formatted(text));
  }
}
