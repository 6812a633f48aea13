package dev.jkubelet.volume.csi;

import dev.jkubelet.grpc.GrpcFailure;
import dev.jkubelet.grpc.GrpcServer;
import dev.jkubelet.grpc.ProtoMessage;
import dev.jkubelet.grpc.ProtoWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A CSI driver as a process of its own would be one: its volumes are folders below one folder,
 * bound to where they are staged and from there to where they are published. It has a socket for
 * itself and one for its registration.
 */
public final class FolderPlugin implements AutoCloseable {
  public static final String DRIVER = "folders.tests.jkubelet.dev";

  private final Path data;
  private final GrpcServer node;
  private final GrpcServer registrar;

  /** What it was asked, each as method and volume. */
  public final List<String> calls = new CopyOnWriteArrayList<>();

  /** What it was asked to publish last. */
  public volatile ProtoMessage published;

  /** What it was told of its registration. */
  public final List<String> told = new CopyOnWriteArrayList<>();

  /** What it says of itself there. */
  public volatile String type = "CSIPlugin";

  public volatile String version = "1.3.0";

  /** Fails all calls about volumes; empty for none. */
  public volatile String broken = "";

  private FolderPlugin(Path registry, Path data) throws IOException {
    this.data = Files.createDirectories(data);
    var socket = data.resolve("csi.sock");
    this.node = GrpcServer.start(socket, this::call);
    this.registrar =
        GrpcServer.start(
            registry.resolve(DRIVER + "-reg.sock"),
            (method, said) -> register(method, said, socket));
  }

  /**
   * Puts its socket where the kubelet looks.
   *
   * @param registry {@code <root-dir>/plugins_registry}
   */
  public static FolderPlugin start(Path registry, Path data) throws IOException {
    return new FolderPlugin(registry, data);
  }

  private ProtoWriter register(String method, ProtoMessage said, Path socket) {
    if (method.endsWith("/GetInfo")) {
      return new ProtoWriter()
          .string(1, type)
          .string(2, DRIVER)
          .string(3, socket.toString())
          .strings(4, List.of("0.3.0", version));
    }
    told.add(said.bool(1) ? "registered" : said.string(2));
    return new ProtoWriter();
  }

  private ProtoWriter call(String path, ProtoMessage question) throws Exception {
    var method = path.substring(path.lastIndexOf('/') + 1);
    var volume = question.string(1);
    if (!volume.isEmpty()) {
      calls.add(method + " " + volume);
      if (!broken.isEmpty()) {
        throw new GrpcFailure(GrpcFailure.Code.INTERNAL, broken, null);
      }
    }
    switch (method) {
      case "NodeGetInfo" -> {
        return new ProtoWriter()
            .string(1, "folders-of-this-node")
            .number(2, 7)
            .message(3, new ProtoWriter().map(1, Map.of(DRIVER + "/rack", "r1")));
      }
      case "NodeGetCapabilities" -> {
        return new ProtoWriter().message(1, capability(1)).message(1, capability(3));
      }
      case "NodeStageVolume" ->
          bind(Files.createDirectories(data.resolve(volume)), Path.of(question.string(3)));
      case "NodePublishVolume" -> {
        published = question;
        var target = Path.of(question.string(4));
        Files.createDirectories(target);
        bind(Path.of(question.string(3)), target);
      }
      case "NodeUnpublishVolume" -> {
        unbind(Path.of(question.string(2)));
        Files.deleteIfExists(Path.of(question.string(2)));
      }
      case "NodeUnstageVolume" -> unbind(Path.of(question.string(2)));
      case "NodeExpandVolume" -> calls.add("to " + question.message(3).number(1));
      default -> throw new GrpcFailure(GrpcFailure.Code.UNIMPLEMENTED, path, null);
    }
    return new ProtoWriter();
  }

  private static ProtoWriter capability(int type) {
    return new ProtoWriter().message(1, new ProtoWriter().number(1, type));
  }

  private static void bind(Path what, Path where) throws IOException {
    if (!isMounted(where)) {
      run("mount", "--bind", what.toString(), where.toString());
    }
  }

  private static void unbind(Path where) throws IOException {
    if (isMounted(where)) {
      run("umount", where.toString());
    }
  }

  private static boolean isMounted(Path where) throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + where + " ");
  }

  private static void run(String... command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(said);
    }
  }

  @Override
  public void close() throws IOException {
    registrar.close();
    node.close();
  }
}
