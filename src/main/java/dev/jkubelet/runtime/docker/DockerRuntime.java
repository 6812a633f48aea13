package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.runtime.StandardStreams;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A Docker Engine, used as the dockershim used it. */
public final class DockerRuntime implements ContainerRuntime {
  /**
   * Stops last as long as grace periods do; in slots of their own, enough for every container of a
   * full node, they keep nobody waiting.
   */
  private static final int CONCURRENT_STOPS = 600;

  /** A grace period beyond this many seconds is as good as endless (68 years). */
  private static final Duration MAX_GRACE = Duration.ofSeconds(Integer.MAX_VALUE);

  private interface Verb {
    void run() throws Exception;
  }

  private final DockerOptions options;
  private final OomKills kills;
  private final Engine engine;
  private final BlockingCalls calls;
  private final BlockingCalls stops = new BlockingCalls(CONCURRENT_STOPS);
  private final ImageNames imageNames = new ImageNames();
  private final Images images;
  private final Containers containers;
  private final Streams streams;
  private final Set<JsonStream> eventStreams = ConcurrentHashMap.newKeySet();

  private DockerRuntime(DockerOptions options, BlockingCalls calls, OomKills kills) {
    this.options = options;
    this.kills = kills;
    this.calls = calls;
    this.engine = new Engine(options);
    this.images = new Images(engine, imageNames);
    this.containers =
        new Containers(engine, new LogLinks(options.containerLogs()), options.network());
    this.streams = new Streams(options.endpoint(), engine, containers);
  }

  /** Makes no call: an engine that is not there shows with the first one. */
  public static DockerRuntime connect(DockerOptions options, BlockingCalls calls, OomKills kills) {
    return new DockerRuntime(options, calls, kills);
  }

  @Override
  public CompletionStage<EngineInfo> info() {
    return call("docker info", engine::info);
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list() {
    return list(List.of(DockerLabels.TYPE));
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list(String podUid) {
    return list(List.of(DockerLabels.TYPE, DockerLabels.POD_UID + "=" + podUid));
  }

  private CompletionStage<List<ContainerSummary>> list(List<String> labels) {
    return call("docker ps", () -> containers.list(labels));
  }

  @Override
  public CompletionStage<ContainerInspection> inspect(String id) {
    return call(
        "docker inspect " + id,
        () -> {
          var answer = containers.inspect(id);
          return Inspections.inspection(
                  answer, images.ofContainer(answer.path("Image").asText()), kills)
              .orElseThrow(
                  () ->
                      new EngineException.NotFound(
                          "container " + id + " is not a pod's container", null));
        });
  }

  @Override
  public CompletionStage<String> runSandbox(SandboxConfig config, Consumer<String> made) {
    return call("docker run sandbox of " + config.pod(), () -> containers.runSandbox(config, made));
  }

  @Override
  public CompletionStage<String> createContainer(ContainerConfig config) {
    return call(
        "docker create " + config.name() + " of " + config.pod(),
        () -> containers.createContainer(config));
  }

  @Override
  public CompletionStage<Void> start(String id) {
    return run("docker start " + id, () -> containers.start(id));
  }

  @Override
  public CompletionStage<Void> update(String id, ContainerConfig.Resources resources) {
    return run("docker update " + id, () -> containers.update(id, resources));
  }

  @Override
  public CompletionStage<Void> stop(String id, Duration grace) {
    var bounded = grace.compareTo(MAX_GRACE) < 0 ? grace : MAX_GRACE;
    return call(
        stops,
        "docker stop " + id,
        options.requestLimit().plus(bounded),
        () -> {
          containers.stop(id, bounded);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> remove(String id) {
    return run("docker rm " + id, () -> containers.remove(id));
  }

  @Override
  public CompletionStage<Optional<Image>> image(String reference) {
    return call("docker image inspect " + reference, () -> images.find(reference));
  }

  @Override
  public CompletionStage<List<Image>> images() {
    return call("docker images", images::list);
  }

  @Override
  public CompletionStage<Void> removeImage(Image image) {
    return run("docker rmi " + image.id(), () -> images.remove(image));
  }

  @Override
  public CompletionStage<Image> pull(
      String reference,
      Optional<RegistryCredentials> credentials,
      Consumer<PullProgress> listener) {
    try {
      return settled(
          ImagePull.start(engine, reference, credentials, options.pullProgressLimit(), listener)
              .thenCompose(
                  _ -> {
                    imageNames.forget();
                    return image(reference);
                  })
              .thenApply(
                  image ->
                      image.orElseThrow(
                          () ->
                              new EngineException.Refused(
                                  "unable to inspect image " + reference, null))));
    } catch (EngineException invalid) {
      return CompletableFuture.failedStage(invalid);
    }
  }

  @Override
  public CompletionStage<ProcessStreams> exec(
      String id, List<String> command, StandardStreams wanted) {
    return call(
        "docker exec in " + id,
        () -> {
          var exec = streams.createExec(id, command, wanted);
          var process = new ExecProcess(exec, streams, this::call);
          try {
            return streams.startExec(exec, wanted.tty(), process);
          } catch (IOException unanswered) {
            process.abandoned(() -> {});
            throw unanswered;
          }
        });
  }

  @Override
  public CompletionStage<ProcessStreams> attach(String id, StandardStreams wanted) {
    return call(
        "docker attach " + id,
        () -> streams.attach(id, wanted, new AttachedContainer(id, streams, this::call)));
  }

  @Override
  public CompletionStage<PodConnection> connect(String sandboxId, int port) {
    return call(
        "connect to port " + port + " in " + sandboxId, () -> streams.connect(sandboxId, port));
  }

  @Override
  public AutoCloseable events(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    var stream = EventStream.open(engine, Instant.now(), onEvent, onEnd);
    eventStreams.removeIf(JsonStream::isEnded);
    eventStreams.add(stream);
    return () -> {
      eventStreams.remove(stream);
      stream.close();
    };
  }

  @Override
  public void close() {
    eventStreams.forEach(JsonStream::close);
    engine.close();
  }

  private <T> CompletionStage<T> call(String what, Callable<T> call) {
    return call(calls, what, options.requestLimit(), call);
  }

  private CompletionStage<Void> run(String what, Verb verb) {
    return call(
        what,
        () -> {
          verb.run();
          return null;
        });
  }

  private <T> CompletionStage<T> call(
      BlockingCalls where, String what, Duration limit, Callable<T> call) {
    return settled(where.call(what, limit, call));
  }

  /** The same, failing with nothing but an {@link EngineException}, unwrapped. */
  private <T> CompletionStage<T> settled(CompletionStage<T> stage) {
    var result = new CompletableFuture<T>();
    stage.whenComplete((value, failure) -> complete(result, value, failure));
    return result;
  }

  private <T> void complete(CompletableFuture<T> result, T value, Throwable failure) {
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(engine.errors.of(failure));
    }
  }
}
