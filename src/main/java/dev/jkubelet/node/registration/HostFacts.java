package dev.jkubelet.node.registration;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.stats.DiskSpace;
import dev.jkubelet.stats.Machine;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facts of this machine and its engine. What does not answer in time is told as it last was, so
 * that a hung engine or name server never keeps a node from saying that it is not well.
 */
public final class HostFacts implements NodeFacts.Source {
  private static final Logger LOG = LoggerFactory.getLogger(HostFacts.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration HOST_LIMIT = Duration.ofSeconds(20);

  /** As old as the kubelet's list of images may get. */
  private static final Duration IMAGES_FRESH = Duration.ofSeconds(30);

  private final String nodeName;
  private final List<InetAddress> givenIps;
  private final Path rootDir;
  private final Machine machine;
  private final ContainerRuntime runtime;
  private final BlockingCalls calls;
  private final Supplier<Optional<String>> networkProblem;
  private final Clock clock;
  private volatile Host host = new Host("", "", List.of(), 0, Optional.empty());
  private volatile Engine engine = new Engine("Unknown", List.of(), Instant.EPOCH);

  private record Host(
      String kernelVersion,
      String osImage,
      List<String> ips,
      long storage,
      Optional<String> networkProblem) {}

  private record Engine(String version, List<Image> images, Instant at) {}

  /**
   * Of this machine.
   *
   * @param givenIps {@code --node-ip}
   * @param rootDir {@code --root-dir}, whose file system is the ephemeral storage
   * @param networkProblem why no pod can be connected; may read files
   */
  public HostFacts(
      String nodeName,
      List<InetAddress> givenIps,
      Path rootDir,
      Machine machine,
      ContainerRuntime runtime,
      BlockingCalls calls,
      Supplier<Optional<String>> networkProblem,
      Clock clock) {
    this.nodeName = nodeName;
    this.givenIps = List.copyOf(givenIps);
    this.rootDir = rootDir;
    this.machine = machine;
    this.runtime = runtime;
    this.calls = calls;
    this.networkProblem = networkProblem;
    this.clock = clock;
  }

  @Override
  public CompletionStage<NodeFacts> look() {
    return inTime(calls.call("facts of the node", HOST_LIMIT, this::readHost), "the machine")
        .thenCombine(inTime(askEngine(), "the engine"), (_, _) -> facts());
  }

  private NodeFacts facts() {
    var seen = host;
    var told = engine;
    return new NodeFacts(
        machine.info(),
        seen.kernelVersion(),
        seen.osImage(),
        seen.ips(),
        seen.storage(),
        told.version(),
        told.images(),
        seen.networkProblem());
  }

  private static CompletionStage<Boolean> inTime(CompletionStage<?> answer, String who) {
    return answer
        .handle(
            (_, failure) -> {
              if (failure != null) {
                LOG.debug("{} does not tell the node's facts: {}", who, failure.toString());
              }
              return failure == null;
            })
        .toCompletableFuture()
        .completeOnTimeout(false, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletionStage<?> askEngine() {
    if (engine.at().plus(IMAGES_FRESH).isAfter(clock.instant())) {
      return CompletableFuture.completedStage(engine);
    }
    return runtime
        .info()
        .thenCombine(
            runtime.images(), (info, images) -> new Engine(info.version(), images, clock.instant()))
        .thenAccept(answer -> engine = answer);
  }

  private Host readHost() throws IOException {
    var ips = NodeAddresses.find(givenIps, nodeName).stream().map(InetAddress::getHostAddress);
    var seen =
        new Host(
            kernelVersion(),
            osImage(),
            ips.map(HostFacts::withoutScope).toList(),
            DiskSpace.of(rootDir).map(DiskSpace::capacity).orElse(host.storage()),
            networkProblem.get());
    if (seen.ips().isEmpty()) {
      LOG.warn(
          "can't get ip address of node {}: --node-ip must be an address of this machine",
          nodeName);
    }
    host = seen;
    return seen;
  }

  private static String withoutScope(String ip) {
    int scope = ip.indexOf('%');
    return scope < 0 ? ip : ip.substring(0, scope);
  }

  /** A sysctl answers its first read alone. */
  private static String kernelVersion() throws IOException {
    try (var in = Files.newInputStream(Path.of("/proc/sys/kernel/osrelease"))) {
      return new String(in.readNBytes(256), StandardCharsets.UTF_8).strip();
    }
  }

  private static String osImage() throws IOException {
    for (var file : List.of(Path.of("/etc/os-release"), Path.of("/usr/lib/os-release"))) {
      if (Files.isReadable(file)) {
        try (Stream<String> lines = Files.lines(file)) {
          return lines
              .filter(line -> line.startsWith("PRETTY_NAME="))
              .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
              .findFirst()
              .orElse("Linux");
        }
      }
    }
    return "Linux";
  }
}
