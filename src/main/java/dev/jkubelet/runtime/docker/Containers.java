package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The verbs on sandboxes and containers, as blocking calls; each may be repeated. */
final class Containers {
  /** The labels that make the holder of a name the very container that was asked for. */
  private static final List<String> IDENTITY =
      List.of(
          DockerLabels.TYPE,
          DockerLabels.POD_UID,
          DockerLabels.CONTAINER_NAME,
          DockerLabels.SANDBOX_ID);

  private final Engine engine;
  private final LogLinks logLinks;
  private final String network;

  Containers(Engine engine, LogLinks logLinks, String network) {
    this.engine = engine;
    this.logLinks = logLinks;
    this.network = network;
  }

  /** All that have these labels. Read without docker-java's types: a full node's list is long. */
  List<ContainerSummary> list(List<String> labels) throws IOException {
    var filters = engine.json().createObjectNode();
    labels.forEach(filters.putArray("label")::add);
    var path = "/containers/json?all=true&filters=" + Engine.encoded(filters.toString());
    var found = new ArrayList<ContainerSummary>();
    for (var listed : engine.get(path)) {
      Inspections.summary(listed).ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  /** Fails with {@link EngineException.NotFound} when the sandbox's image is not here. */
  String runSandbox(SandboxConfig config, Consumer<String> made) throws IOException {
    var pod = config.pod().name();
    var name = DockerName.sandbox(config.pod(), config.attempt());
    String id;
    try {
      id = create(name, CreateBody.sandbox(config, network), DockerLabels.of(config));
    } catch (EngineException failure) {
      throw EngineErrors.prefixed("failed to create a sandbox for pod \"" + pod + "\": ", failure);
    }
    made.accept(id);
    startNow(id, "failed to start sandbox container for pod \"" + pod + "\": ");
    if (ResolvConf.isGiven(config.dns())) {
      rewriteResolvConf(id, config);
    }
    return id;
  }

  private void rewriteResolvConf(String id, SandboxConfig config) throws IOException {
    var file = Inspections.path(inspect(id).path("ResolvConfPath"));
    try {
      ResolvConf.rewrite(
          file.orElseThrow(() -> new IOException("the engine names no ResolvConfPath")),
          config.dns());
    } catch (IOException failure) {
      throw new EngineException.Refused(
          "rewrite resolv.conf failed for pod \"%s\": %s".formatted(config.pod().name(), failure),
          failure);
    }
  }

  String createContainer(ContainerConfig config) throws IOException {
    var name = new DockerName(config.name(), config.pod(), config.attempt());
    return create(name, CreateBody.container(config), DockerLabels.of(config));
  }

  private String create(DockerName name, JsonNode body, Map<String, String> labels)
      throws IOException {
    try {
      return create(name, body);
    } catch (EngineException.Conflict taken) {
      var holder = holder(name);
      if (holder.isPresent()) {
        var id = holder.get().path("Id").asText();
        if (isSame(Inspections.labels(holder.get()), labels)) {
          return id;
        }
        if (holder.get().path("State").path("Running").asBoolean()) {
          throw taken;
        }
        // Without force: one that was started meanwhile stays.
        engine.docker.removeContainerCmd(id).withRemoveVolumes(true).exec();
      }
      return create(name, body);
    }
  }

  private String create(DockerName name, JsonNode body) throws IOException {
    return engine
        .post("/containers/create?name=" + Engine.encoded(name.toString()), body)
        .path("Id")
        .asText();
  }

  private Optional<JsonNode> holder(DockerName name) throws IOException {
    try {
      return Optional.of(inspect(name.toString()));
    } catch (EngineException.NotFound _) {
      return Optional.empty();
    }
  }

  private static boolean isSame(Map<String, String> holder, Map<String, String> wanted) {
    return IDENTITY.stream()
        .allMatch(key -> holder.getOrDefault(key, "").equals(wanted.getOrDefault(key, "")));
  }

  /** Links the log also of a container that fails to start: that may be all it leaves. */
  void start(String id) throws IOException {
    try {
      startNow(id, "failed to start container \"" + id + "\": ");
    } finally {
      logs(id).ifPresent(logs -> logLinks.make(id, logs.name(), logs.podLog(), logs.engineLog()));
    }
  }

  private void startNow(String id, String prefix) {
    try {
      engine.docker.startContainerCmd(id).exec();
    } catch (NotModifiedException _) {
      // runs already
    } catch (DockerException failure) {
      throw EngineErrors.prefixed(prefix, engine.errors.of(failure));
    }
  }

  /** To the engine, 0 means as it was: no quota is -1. */
  void update(String id, ContainerConfig.Resources resources) throws IOException {
    var body = engine.json().createObjectNode();
    CreateBody.addAmounts(resources, body);
    if (resources.cpuQuota() == 0) {
      body.put("CpuQuota", -1);
    }
    engine.post("/containers/" + id + "/update", body);
  }

  void stop(String id, Duration grace) {
    try {
      engine.docker.stopContainerCmd(id).withTimeout(seconds(grace)).exec();
    } catch (NotModifiedException | NotFoundException _) {
      // dead already
    }
  }

  /** Upwards: half a second of grace is not none. */
  private static int seconds(Duration grace) {
    return Math.toIntExact(
        Math.clamp(grace.plusNanos(999_999_999).toSeconds(), 0, Integer.MAX_VALUE));
  }

  /** The links go first: after a crash in between, the container is still there to tell of them. */
  void remove(String id) throws IOException {
    logs(id).ifPresent(logs -> logLinks.remove(id, logs.name(), logs.podLog(), logs.engineLog()));
    try {
      engine.docker.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException _) {
      // gone already
    } catch (ConflictException conflict) {
      // Another removal of it is under way; whether it ends well is that one's to tell.
      if (!String.valueOf(conflict.getMessage()).contains("already in progress")) {
        throw conflict;
      }
    }
  }

  JsonNode inspect(String idOrName) throws IOException {
    return engine.get("/containers/" + Engine.encoded(idOrName) + "/json");
  }

  private record Logs(DockerName name, Path podLog, Path engineLog) {}

  /** Empty for a sandbox, for what is gone, and when the engine logs elsewhere than to a file. */
  private Optional<Logs> logs(String id) throws IOException {
    JsonNode container;
    try {
      container = inspect(id);
    } catch (EngineException.NotFound _) {
      return Optional.empty();
    }
    var podLog = container.path("Config").path("Labels").path(DockerLabels.LOG_PATH).asText("");
    if (podLog.isEmpty()) {
      return Optional.empty();
    }
    return DockerName.parse(container.path("Name").asText())
        .flatMap(
            name ->
                Inspections.path(container.path("LogPath"))
                    .map(engineLog -> new Logs(name, Path.of(podLog), engineLog)));
  }
}
