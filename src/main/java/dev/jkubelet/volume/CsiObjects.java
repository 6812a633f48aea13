package dev.jkubelet.volume;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpec;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the cluster says of CSI volumes and their drivers; every call blocks. */
final class CsiObjects {
  private static final String STORAGE = "storage";
  private static final Set<String> RESIZES = Set.of("Resizing", "FileSystemResizePending");

  private final ObjectSource objects;

  CsiObjects(ObjectSource objects) {
    this.objects = objects;
  }

  /** Empty when the cluster has no object of the driver, or is none. */
  Optional<CSIDriverSpec> driver(String name) throws IOException, InterruptedException {
    return ObjectFiles.await(objects.now(CSIDriver.class, null, name)).map(CSIDriver::getSpec);
  }

  /** Those who know nothing of a driver take it that its volumes must be attached. */
  static boolean mustBeAttached(Optional<CSIDriverSpec> driver) {
    return driver.map(CSIDriverSpec::getAttachRequired).orElse(true);
  }

  /** What attaching the volume told; fails until it is attached. */
  Map<String, String> attached(CsiVolumeData volume) throws IOException, InterruptedException {
    var attachment =
        ObjectFiles.await(objects.now(VolumeAttachment.class, null, volume.attachment()))
            .orElseThrow(
                () ->
                    new IOException(
                        "volume %s has GET error for volume attachment %s: volumeattachments.storage.k8s.io \"%s\" not found"
                            .formatted(volume.handle(), volume.attachment(), volume.attachment())));
    if (attachment.getMetadata().getDeletionTimestamp() != null) {
      throw new IOException("volume attachment is being deleted");
    }
    var status = attachment.getStatus();
    if (status == null || !Boolean.TRUE.equals(status.getAttached())) {
      throw new IOException(
          status != null && status.getAttachError() != null
              ? status.getAttachError().getMessage()
              : "volume attachment %s is not attached yet".formatted(volume.attachment()));
    }
    return Optional.ofNullable(status.getAttachmentMetadata()).orElse(Map.of());
  }

  /**
   * What a secret holds, as texts.
   *
   * @param field that refers to it, for the message
   */
  Map<String, String> secret(String field, String namespace, String name)
      throws IOException, InterruptedException {
    try {
      var secret =
          ObjectFiles.await(objects.now(Secret.class, namespace, name))
              .orElseThrow(() -> new IOException("secrets \"" + name + "\" not found"));
      var texts = new HashMap<String, String>();
      Optional.ofNullable(secret.getData())
          .orElse(Map.of())
          .forEach(
              (key, value) ->
                  texts.put(
                      key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
      return texts;
    } catch (IOException failure) {
      throw new IOException(
          "fetching %s %s/%s failed: %s".formatted(field, namespace, name, failure.getMessage()),
          failure);
    }
  }

  /** As large as the volume has become; empty when the claim's file system is as large. */
  static OptionalLong pendingSize(PersistentVolume volume, PersistentVolumeClaim claim) {
    var wanted = bytes(volume.getSpec().getCapacity());
    var known = claim.getStatus() == null ? null : bytes(claim.getStatus().getCapacity());
    return wanted == null || known == null || known.compareTo(wanted) >= 0
        ? OptionalLong.empty()
        : OptionalLong.of(wanted.longValue());
  }

  private static BigDecimal bytes(Map<String, Quantity> capacity) {
    return capacity == null || capacity.get(STORAGE) == null
        ? null
        : Quantity.getAmountInBytes(capacity.get(STORAGE));
  }

  /** The file system is as large as the volume: the claim says so, and waits no longer. */
  void resized(PersistentVolume volume, PersistentVolumeClaim claim)
      throws IOException, InterruptedException {
    var json = JsonNodeFactory.instance;
    var status = json.objectNode();
    var capacity = volume.getSpec().getCapacity().get(STORAGE).toString();
    status.putObject("capacity").put(STORAGE, capacity);
    var pending =
        Optional.ofNullable(claim.getStatus().getConditions()).orElse(List.of()).stream()
            .map(PersistentVolumeClaimCondition::getType)
            .filter(RESIZES::contains)
            .toList();
    var conditions = json.arrayNode();
    pending.forEach(type -> conditions.addObject().put("type", type).put("$patch", "delete"));
    if (!conditions.isEmpty()) {
      status.set("conditions", conditions);
    }
    ObjectFiles.await(
        objects.patchStatus(claim, json.objectNode().set("status", status).toString()));
  }
}
