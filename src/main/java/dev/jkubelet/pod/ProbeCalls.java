package dev.jkubelet.pod;

import dev.jkubelet.model.EnvExpansion;
import dev.jkubelet.probe.GrpcHealth;
import dev.jkubelet.probe.ProbeOutcome;
import dev.jkubelet.stats.ProbeMetrics;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The looks of one probe at one instance of a container.
 *
 * @param id of the instance
 * @param host where the pod is, unless the probe says otherwise
 */
record ProbeCalls(
    Pod pod,
    Container container,
    ProbeKind kind,
    Probe probe,
    String id,
    String host,
    PodServices services) {

  /** A look that fails itself is repeated at once, as the kubelet does. */
  private static final int TRIES = 3;

  /**
   * Of that kind, if the container has one.
   *
   * @param habitat where the instance lives; on the host's network that is the host
   */
  static Optional<ProbeCalls> of(ProbeKind kind, ContainerCalls calls, String id, Habitat habitat) {
    var host = PodHost.of(habitat.ips(), calls.services().settings());
    return kind.of(calls.container())
        .map(
            probe ->
                new ProbeCalls(
                    calls.pod(), calls.container(), kind, probe, id, host, calls.services()));
  }

  Instant now() {
    return services.clock().instant();
  }

  Duration initialDelay() {
    return Duration.ofSeconds(Optional.ofNullable(probe.getInitialDelaySeconds()).orElse(0));
  }

  Duration period() {
    return Duration.ofSeconds(probe.getPeriodSeconds());
  }

  private Duration limit() {
    return Duration.ofSeconds(probe.getTimeoutSeconds());
  }

  /** Never fails, and ends within the probe's time limit, or what three of them take. */
  CompletionStage<ProbeOutcome> look(ActorSystem<?> system) {
    return look(system, TRIES);
  }

  private CompletionStage<ProbeOutcome> look(ActorSystem<?> system, int tries) {
    return once(system)
        .exceptionally(
            failure ->
                new ProbeOutcome.Unknown(
                    String.valueOf(ContainerCalls.cause(failure).getMessage())))
        .thenCompose(
            outcome ->
                outcome instanceof ProbeOutcome.Unknown && tries > 1
                    ? look(system, tries - 1)
                    : CompletableFuture.completedStage(outcome));
  }

  private CompletionStage<ProbeOutcome> once(ActorSystem<?> system) {
    try {
      if (probe.getExec() != null) {
        return exec(system);
      }
      if (probe.getHttpGet() != null) {
        var get = probe.getHttpGet();
        var target = HttpTargets.of(get, host, ContainerPorts.ofProbe(get.getPort(), container));
        return services.network().http(target, limit());
      }
      if (probe.getTcpSocket() != null) {
        var socket = probe.getTcpSocket();
        return services
            .network()
            .tcp(
                HttpTargets.orElse(socket.getHost(), host),
                ContainerPorts.ofProbe(socket.getPort(), container),
                limit());
      }
      if (probe.getGrpc() != null) {
        var grpc = probe.getGrpc();
        var service = HttpTargets.orElse(grpc.getService(), "");
        return new GrpcHealth(system).check(host, grpc.getPort(), service, limit());
      }
    } catch (BadConfig bad) {
      return CompletableFuture.failedStage(bad);
    }
    return CompletableFuture.failedStage(new BadConfig("missing probe handler for " + named()));
  }

  private CompletionStage<ProbeOutcome> exec(ActorSystem<?> system) {
    var command =
        probe.getExec().getCommand().stream()
            .map(word -> EnvExpansion.expand(word, this::plainVariable))
            .toList();
    return new CommandRun(system, services.runtime())
        .run(id, command, limit())
        .thenApply(ProbeCalls::judged)
        .exceptionallyCompose(
            failure ->
                ContainerCalls.cause(failure) instanceof TimeoutException timeout
                    ? CompletableFuture.completedStage(
                        new ProbeOutcome.Failure(timeout.getMessage()))
                    : CompletableFuture.failedStage(failure));
  }

  private static ProbeOutcome judged(CommandRun.Result result) {
    return result.exitCode().orElse(-1) == 0
        ? new ProbeOutcome.Success(result.output())
        : new ProbeOutcome.Failure(result.output());
  }

  /**
   * Only variables that are given as they are; what others come to is known to the engine alone.
   */
  private Optional<String> plainVariable(String name) {
    return Optional.ofNullable(container.getEnv()).orElse(List.of()).stream()
        .filter(variable -> variable.getName().equals(name))
        .map(EnvVar::getValue)
        .map(value -> value == null ? "" : value)
        .reduce((_, last) -> last);
  }

  void count(boolean success) {
    services.metrics().probes().count(series(), success);
  }

  /** The instance is probed no more. */
  void forget() {
    services.metrics().probes().forget(series());
  }

  private ProbeMetrics.Series series() {
    var meta = pod.getMetadata();
    return new ProbeMetrics.Series(
        container.getName(), meta.getNamespace(), meta.getName(), meta.getUid(), kind.text());
  }

  /** Tells operators what the look came to, if it is worth it. */
  void tell(ProbeOutcome outcome) {
    switch (outcome) {
      case ProbeOutcome.Success _ -> {}
      case ProbeOutcome.Warning(var output) -> warn("ProbeWarning", "warning", output);
      case ProbeOutcome.Failure(var output) -> warn("Unhealthy", "failed", output);
      case ProbeOutcome.Unknown(var error) -> warn("Unhealthy", "errored", error);
    }
  }

  private void warn(String reason, String verb, String output) {
    services
        .events()
        .record(
            pod,
            container.getName(),
            "Warning",
            reason,
            kind.text() + " probe " + verb + ": " + output);
  }

  private String named() {
    var meta = pod.getMetadata();
    return "%s_%s(%s):%s"
        .formatted(meta.getName(), meta.getNamespace(), meta.getUid(), container.getName());
  }
}
