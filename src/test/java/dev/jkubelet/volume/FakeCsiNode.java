package dev.jkubelet.volume;

import dev.jkubelet.grpc.GrpcFailure;
import dev.jkubelet.volume.csi.CsiNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A driver that mounts something where it is told, and remembers what it was asked. */
final class FakeCsiNode implements CsiNode {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final Set<Capability> capabilities = EnumSet.of(Capability.STAGE_UNSTAGE_VOLUME);

  /** The next call fails in these words. */
  volatile String failure = "";

  volatile Volume published;
  volatile Map<String, String> stageSecrets = Map.of();
  volatile Map<String, String> publishSecrets = Map.of();
  volatile boolean readOnly;

  @Override
  public Info info() {
    return new Info("node-1", 0, Map.of());
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.copyOf(capabilities);
  }

  @Override
  public void stage(Volume volume, String stagingPath, Map<String, String> secrets) {
    called("stage " + volume.handle() + " at " + stagingPath);
    stageSecrets = secrets;
  }

  @Override
  public void unstage(String handle, String stagingPath) {
    called("unstage " + handle + " at " + stagingPath);
  }

  @Override
  public void publish(
      Volume volume,
      String stagingPath,
      String targetPath,
      boolean readOnly,
      Map<String, String> secrets) {
    called("publish " + volume.handle() + " from " + stagingPath);
    this.published = volume;
    this.readOnly = readOnly;
    this.publishSecrets = secrets;
    try {
      var target = Files.createDirectories(Path.of(targetPath));
      if (!MountTable.read().isMountPoint(MountTable.canonical(target))) {
        Syscalls.mountTmpfs(target, "size=64k");
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void unpublish(String handle, String targetPath) {
    called("unpublish " + handle);
    try {
      var target = Path.of(targetPath);
      if (Files.exists(target)) {
        Syscalls.unmount(target);
        Files.delete(target);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void expand(Volume volume, String path, String stagingPath, long bytes) {
    called("expand " + volume.handle() + " to " + bytes);
  }

  private void called(String call) {
    calls.add(call);
    if (!failure.isEmpty()) {
      var words = failure;
      failure = "";
      throw new GrpcFailure(GrpcFailure.Code.INTERNAL, words, null);
    }
  }
}
