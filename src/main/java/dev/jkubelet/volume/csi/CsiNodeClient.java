package dev.jkubelet.volume.csi;

import dev.jkubelet.grpc.GrpcClient;
import dev.jkubelet.grpc.ProtoMessage;
import dev.jkubelet.grpc.ProtoWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A plugin's service {@code csi.v1.Node}, asked over its socket. */
public final class CsiNodeClient implements CsiNode {
  private static final String SERVICE = "/csi.v1.Node/";

  /** Shorter than a pod waits for its volumes, so that the failure names the call. */
  private static final Duration LIMIT = Duration.ofSeconds(110);

  private final GrpcClient client;

  public CsiNodeClient(GrpcClient client) {
    this.client = client;
  }

  @Override
  public Info info() throws InterruptedException {
    var answer = call("NodeGetInfo", new ProtoWriter());
    return new Info(answer.string(1), answer.number(2), answer.message(3).map(1));
  }

  @Override
  public Set<Capability> capabilities() throws InterruptedException {
    var known = EnumSet.noneOf(Capability.class);
    for (var capability : call("NodeGetCapabilities", new ProtoWriter()).messages(1)) {
      switch ((int) capability.message(1).number(1)) {
        case 1 -> known.add(Capability.STAGE_UNSTAGE_VOLUME);
        case 2 -> known.add(Capability.GET_VOLUME_STATS);
        case 3 -> known.add(Capability.EXPAND_VOLUME);
        default -> {} // what is newer than this or not asked for
      }
    }
    return known;
  }

  @Override
  public void stage(Volume volume, String stagingPath, Map<String, String> secrets)
      throws InterruptedException {
    call(
        "NodeStageVolume",
        new ProtoWriter()
            .string(1, volume.handle())
            .map(2, volume.publishContext())
            .string(3, stagingPath)
            .message(4, capability(volume))
            .map(5, secrets)
            .map(6, volume.context()));
  }

  @Override
  public void unstage(String handle, String stagingPath) throws InterruptedException {
    call("NodeUnstageVolume", new ProtoWriter().string(1, handle).string(2, stagingPath));
  }

  @Override
  public void publish(
      Volume volume,
      String stagingPath,
      String targetPath,
      boolean readOnly,
      Map<String, String> secrets)
      throws InterruptedException {
    call(
        "NodePublishVolume",
        new ProtoWriter()
            .string(1, volume.handle())
            .map(2, volume.publishContext())
            .string(3, stagingPath)
            .string(4, targetPath)
            .message(5, capability(volume))
            .bool(6, readOnly)
            .map(7, secrets)
            .map(8, volume.context()));
  }

  @Override
  public void unpublish(String handle, String targetPath) throws InterruptedException {
    call("NodeUnpublishVolume", new ProtoWriter().string(1, handle).string(2, targetPath));
  }

  @Override
  public void expand(Volume volume, String path, String stagingPath, long bytes)
      throws InterruptedException {
    call(
        "NodeExpandVolume",
        new ProtoWriter()
            .string(1, volume.handle())
            .string(2, path)
            .message(3, new ProtoWriter().number(1, bytes))
            .string(4, stagingPath)
            .message(5, capability(volume)));
  }

  private static ProtoWriter capability(Volume volume) {
    return new ProtoWriter()
        .message(2, new ProtoWriter().string(1, volume.fsType()).strings(2, volume.mountOptions()))
        .message(3, new ProtoWriter().number(1, accessMode(volume.accessMode())));
  }

  private static int accessMode(String mode) {
    return switch (mode) {
      case "ReadWriteOnce" -> 1;
      case "ReadOnlyMany" -> 3;
      case "ReadWriteMany" -> 5;
      default -> 0;
    };
  }

  private ProtoMessage call(String method, ProtoWriter message) throws InterruptedException {
    return Answers.await(client.call(SERVICE + method, message, LIMIT));
  }
}
