package dev.jkubelet.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pods and their instances for tests of rules. */
final class Specs {
  static final Instant CREATED = Instant.parse("2026-11-23T13:06:10.5Z");
  static final Instant STARTED = CREATED.plusSeconds(1);
  static final Instant FINISHED = CREATED.plusSeconds(2);

  private static final YAMLMapper YAML = new YAMLMapper();

  private Specs() {}

  /** A pod called {@code web-node1} of namespace golden, with that spec. */
  static Pod pod(String spec) {
    return parse(
        Pod.class,
        "metadata: {name: web-node1, namespace: golden, uid: a7af, labels: {app: web},"
            + " annotations: {note: hi}}\nspec: "
            + spec);
  }

  static Container container(String spec) {
    return parse(Container.class, spec);
  }

  static <T> T parse(Class<T> type, String yaml) {
    try {
      return YAML.readValue(yaml, type);
    } catch (JsonProcessingException bad) {
      throw new UncheckedIOException(bad);
    }
  }

  static ContainerLife.Instance created(String name, int attempt, int exitCode, String error) {
    return instance(
        name,
        attempt,
        ContainerState.CREATED,
        exitCode,
        false,
        error,
        Optional.empty(),
        Optional.empty());
  }

  static ContainerLife.Instance running(String name, int attempt) {
    return instance(
        name,
        attempt,
        ContainerState.RUNNING,
        0,
        false,
        "",
        Optional.of(STARTED),
        Optional.empty());
  }

  static ContainerLife.Instance exited(String name, int attempt, int exitCode) {
    return exited(name, attempt, exitCode, false);
  }

  static ContainerLife.Instance exited(String name, int attempt, int exitCode, boolean oomKilled) {
    return instance(
        name,
        attempt,
        ContainerState.EXITED,
        exitCode,
        oomKilled,
        "",
        Optional.of(STARTED),
        Optional.of(FINISHED));
  }

  private static ContainerLife.Instance instance(
      String name,
      int attempt,
      ContainerState state,
      int exitCode,
      boolean oomKilled,
      String error,
      Optional<Instant> startedAt,
      Optional<Instant> finishedAt) {
    var summary =
        new ContainerSummary(
            name + attempt,
            ContainerType.CONTAINER,
            new PodKey("golden", "web-node1", "a7af"),
            name,
            attempt,
            "box",
            state,
            CREATED);
    return new ContainerLife.Instance(
        new ContainerInspection(
            summary,
            "busybox:1.29",
            "docker://sha256:0690",
            "sha256:0690",
            0,
            exitCode,
            oomKilled,
            error,
            startedAt,
            finishedAt,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            new ContainerConfig.Resources(2, 0, 0, 0, 1000),
            Map.of()),
        Optional.empty());
  }
}
