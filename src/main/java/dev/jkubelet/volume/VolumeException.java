package dev.jkubelet.volume;

/** Why a pod's volumes are not there (yet), in the kubelet's words, fit for an event. */
public final class VolumeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  private VolumeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A volume of that name could not be made; the next try may succeed. */
  static VolumeException failedMount(String volume, Exception cause) {
    return failedMount("MountVolume.SetUp", volume, cause.getMessage(), cause);
  }

  /**
   * The same for another step of the kubelet's.
   *
   * @param step such as {@code MountVolume.MountDevice}
   */
  static VolumeException failedMount(String step, String volume, String why, Exception cause) {
    return new VolumeException(
        Reason.FAILED_MOUNT, step + " failed for volume \"" + volume + "\" : " + why, cause);
  }

  /** The pod's folders could not be made or removed. */
  static VolumeException failedMount(String message) {
    return new VolumeException(Reason.FAILED_MOUNT, message, null);
  }

  /** A container asks for something its pod's volumes can't give. */
  static VolumeException badConfig(String message, Exception cause) {
    return new VolumeException(Reason.CREATE_CONTAINER_CONFIG_ERROR, message, cause);
  }

  /** As events and statuses name it: {@code FailedMount}, {@code CreateContainerConfigError}. */
  public String reason() {
    return reason.text;
  }

  private enum Reason {
    FAILED_MOUNT("FailedMount"),
    CREATE_CONTAINER_CONFIG_ERROR("CreateContainerConfigError");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }
}
