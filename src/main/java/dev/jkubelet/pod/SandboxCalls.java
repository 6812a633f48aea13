package dev.jkubelet.pod;

import dev.jkubelet.image.PullOutcome;
import dev.jkubelet.pod.Habitat.Ground;
import dev.jkubelet.pod.PodLife.Sandbox;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.SandboxConfig;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** How a pod comes by a sandbox, with the hosts file that its containers are to see. */
record SandboxCalls(Pod pod, PodServices services) {
  /**
   * @param made hears of the habitat to be, still without addresses, while the sandbox is started
   */
  CompletionStage<Sandbox> run(int attempt, Ground ground, Consumer<Habitat> made) {
    return RuntimeHandler.check(pod, services.objects())
        .thenCompose(_ -> services.files().etcHosts(pod, List.of()))
        .thenCompose(hosts -> run(config(attempt, ground), ground, hosts, made))
        .thenCompose(this::inspect);
  }

  private SandboxConfig config(int attempt, Ground ground) {
    return SandboxConfigs.of(
        pod,
        attempt,
        services.files().hostname(pod),
        dns(),
        ground.cgroupParent(),
        services.settings());
  }

  /** The image is asked for only when it is missed, as by a node's first pod. */
  private CompletionStage<String> run(
      SandboxConfig config, Ground ground, Path hosts, Consumer<Habitat> made) {
    Supplier<CompletionStage<String>> run =
        () ->
            services
                .runtime()
                .runSandbox(config, id -> made.accept(new Habitat(id, List.of(), ground, hosts)));
    return run.get()
        .exceptionallyCompose(
            failure ->
                ContainerCalls.cause(failure) instanceof EngineException.NotFound
                    ? pull(config.image()).thenCompose(_ -> run.get())
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Void> pull(String image) {
    return services
        .images()
        .ensure(image, "IfNotPresent", _ -> {})
        .thenCompose(
            outcome ->
                outcome instanceof PullOutcome.Failed failed
                    ? CompletableFuture.failedStage(
                        new IllegalStateException(
                            "image of the sandbox, " + image + ": " + failed.message()))
                    : CompletableFuture.completedStage(null));
  }

  CompletionStage<Sandbox> inspect(String id) {
    return services
        .runtime()
        .inspect(id)
        .thenCompose(
            i ->
                services
                    .files()
                    .etcHosts(pod, i.ips())
                    .thenApply(
                        hosts ->
                            new Sandbox(
                                id,
                                i.summary().attempt(),
                                Hints.live(i.summary()) && connected(i),
                                i.ips(),
                                hosts)));
  }

  /** As to the kubelet, a sandbox without an address is as good as none. */
  private boolean connected(ContainerInspection sandbox) {
    return !sandbox.ips().isEmpty() || SandboxConfigs.namespaces(pod).hostNetwork();
  }

  /** What had to be left out is told. */
  private SandboxConfig.Dns dns() {
    var found = services.files().dns(pod);
    found
        .warnings()
        .forEach(
            warning ->
                services.events().record(pod, "", "Warning", warning.reason(), warning.message()));
    return found.dns();
  }
}
