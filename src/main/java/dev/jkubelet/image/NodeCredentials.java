package dev.jkubelet.image;

import dev.jkubelet.runtime.BlockingCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's own credentials, for the images of all its pods: of the first usable file where the
 * kubelet looks for one. Read for each pull, so that a new login counts at once.
 */
public final class NodeCredentials implements Function<ImageReference, CompletionStage<Keyring>> {
  private static final Logger LOG = LoggerFactory.getLogger(NodeCredentials.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final List<Path> configJson;
  private final List<Path> dockercfg;
  private final BlockingCalls calls;

  /**
   * @param configJson files to look at first, as {@code ~/.docker/config.json}
   * @param dockercfg files of the older form to look at then, as {@code ~/.dockercfg}
   */
  NodeCredentials(List<Path> configJson, List<Path> dockercfg, BlockingCalls calls) {
    this.configJson = List.copyOf(configJson);
    this.dockercfg = List.copyOf(dockercfg);
    this.calls = calls;
  }

  /**
   * Where the kubelet looks: {@code --root-dir}, the working folder, the home of its user and the
   * root.
   */
  public static NodeCredentials under(Path rootDir, BlockingCalls calls) {
    var here = Path.of("").toAbsolutePath();
    var home = Path.of(System.getProperty("user.home", "/root"));
    var top = Path.of("/");
    return new NodeCredentials(
        List.of(
            rootDir.resolve("config.json"),
            here.resolve("config.json"),
            home.resolve(".docker/config.json"),
            top.resolve(".docker/config.json")),
        List.of(
            rootDir.resolve(".dockercfg"),
            here.resolve(".dockercfg"),
            home.resolve(".dockercfg"),
            top.resolve(".dockercfg")),
        calls);
  }

  /** The stage does not fail: a file that can't be used is logged, and the next one counts. */
  @Override
  public CompletionStage<Keyring> apply(ImageReference image) {
    return calls
        .call("node's registry credentials", LIMIT, this::read)
        .exceptionally(
            failure -> {
              LOG.warn("The node's registry credentials can't be read: {}", failure.toString());
              return Keyring.EMPTY;
            });
  }

  private Keyring read() {
    return first(configJson, DockerConfig::ofConfigJson)
        .or(() -> first(dockercfg, DockerConfig::ofDockercfg))
        .map(config -> new Keyring(List.of(config)))
        .orElse(Keyring.EMPTY);
  }

  private static Optional<DockerConfig> first(
      List<Path> files, Function<String, DockerConfig> parse) {
    for (var file : files) {
      try {
        return Optional.of(parse.apply(Files.readString(file)));
      } catch (NoSuchFileException missing) {
        LOG.debug("no {}", missing.getFile());
      } catch (IOException | BadDockerConfig unusable) {
        LOG.warn("{}: {}", file, unusable.getMessage());
      }
    }
    return Optional.empty();
  }
}
