package dev.jkubelet.volume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of a CSI volume of a pod: the kubelet's {@code vol_data.json} beside it, which says
 * how to let go of it when nobody else can.
 *
 * @param name of the PersistentVolume, or of the pod's volume
 * @param handle the driver's name of it
 * @param attachment the VolumeAttachment's name; empty for a volume that is never attached
 */
record CsiVolumeData(
    String name,
    String handle,
    String driver,
    String node,
    String attachment,
    Lifecycle lifecycle) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "vol_data.json";
  private static final String HANDLE = "volumeHandle";
  private static final String DRIVER = "driverName";

  /** How long a volume lives; its names are the API's. */
  enum Lifecycle {
    PERSISTENT("Persistent"),
    EPHEMERAL("Ephemeral");

    private final String text;

    Lifecycle(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  static CsiVolumeData persistent(String name, String driver, String handle, String node) {
    var attachment = "csi-" + sha256(handle + driver + node);
    return new CsiVolumeData(name, handle, driver, node, attachment, Lifecycle.PERSISTENT);
  }

  /** Its handle is made up of what makes it unique. */
  static CsiVolumeData ephemeral(String podUid, String name, String driver, String node) {
    var handle = "csi-" + sha256(podUid + name);
    var attachment = "csi-" + sha256(handle + driver + node);
    return new CsiVolumeData(name, handle, driver, node, attachment, Lifecycle.EPHEMERAL);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  boolean isPersistent() {
    return lifecycle == Lifecycle.PERSISTENT;
  }

  /** As the node's status names an attached volume. */
  String uniqueName() {
    return "kubernetes.io/csi/" + driver + "^" + handle;
  }

  boolean isSameVolume(CsiVolumeData other) {
    return driver.equals(other.driver) && handle.equals(other.handle);
  }

  void write(Path dir) throws IOException {
    write(
        dir,
        Map.of(
            "specVolID",
            name,
            HANDLE,
            handle,
            DRIVER,
            driver,
            "nodeName",
            node,
            "attachmentID",
            attachment,
            "volumeLifecycleMode",
            lifecycle.text));
  }

  /** What is known of it where it is staged. */
  void writeStaged(Path dir) throws IOException {
    write(dir, Map.of(HANDLE, handle, DRIVER, driver));
  }

  /** Whole or not at all: it is all that is left after a crash. */
  private static void write(Path dir, Map<String, String> data) throws IOException {
    var half = dir.resolve(FILE + ".new");
    Files.write(half, JSON.writeValueAsBytes(new TreeMap<>(data)));
    Files.move(half, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  static boolean isIn(Path dir) {
    return Files.exists(dir.resolve(FILE));
  }

  static void delete(Path dir) throws IOException {
    Files.deleteIfExists(dir.resolve(FILE));
  }

  /** Empty where there is none that makes sense. */
  static Optional<CsiVolumeData> read(Path dir) throws IOException {
    try {
      var data = JSON.readTree(Files.readAllBytes(dir.resolve(FILE)));
      return Optional.of(
          new CsiVolumeData(
              data.path("specVolID").asText(),
              data.path(HANDLE).asText(),
              data.path(DRIVER).asText(),
              data.path("nodeName").asText(),
              data.path("attachmentID").asText(),
              data.path("volumeLifecycleMode").asText().equals(Lifecycle.EPHEMERAL.text)
                  ? Lifecycle.EPHEMERAL
                  : Lifecycle.PERSISTENT));
    } catch (NoSuchFileException | JsonProcessingException none) {
      return Optional.empty();
    }
  }
}
