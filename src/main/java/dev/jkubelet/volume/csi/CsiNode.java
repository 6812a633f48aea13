package dev.jkubelet.volume.csi;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a CSI plugin does on a node. Every call blocks until it is answered or its time is over; all
 * may be repeated. One that fails says why in a {@link dev.jkubelet.grpc.GrpcFailure}.
 */
public interface CsiNode {
  /** What a plugin may or may not do; named as the protocol does. */
  enum Capability {
    STAGE_UNSTAGE_VOLUME,
    GET_VOLUME_STATS,
    EXPAND_VOLUME
  }

  /**
   * The node as the plugin sees it.
   *
   * @param maxVolumes 0 for no limit that it knows
   * @param topology labels that say where the node is
   */
  record Info(String nodeId, long maxVolumes, Map<String, String> topology) {}

  /**
   * A volume and how it is to be used.
   *
   * @param handle the plugin's own name of it
   * @param publishContext what attaching it told
   * @param accessMode of Kubernetes, such as {@code ReadWriteOnce}
   */
  record Volume(
      String handle,
      Map<String, String> publishContext,
      Map<String, String> context,
      String fsType,
      List<String> mountOptions,
      String accessMode) {}

  Info info() throws InterruptedException;

  Set<Capability> capabilities() throws InterruptedException;

  /** Makes it ready for all pods of the node at a folder that exists. */
  void stage(Volume volume, String stagingPath, Map<String, String> secrets)
      throws InterruptedException;

  void unstage(String handle, String stagingPath) throws InterruptedException;

  /**
   * Makes it show at a path for one pod; what is there is the plugin's to make, below a folder that
   * exists.
   *
   * @param stagingPath empty for a plugin that stages nothing
   */
  void publish(
      Volume volume,
      String stagingPath,
      String targetPath,
      boolean readOnly,
      Map<String, String> secrets)
      throws InterruptedException;

  void unpublish(String handle, String targetPath) throws InterruptedException;

  /**
   * Makes the file system as large as the volume has become.
   *
   * @param path where it is staged or published
   * @param bytes at least
   */
  void expand(Volume volume, String path, String stagingPath, long bytes)
      throws InterruptedException;
}
