package dev.jkubelet.pod;

import dev.jkubelet.model.GoQuoted;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;

/** What a container's spec ties to its start and to its end. */
final class ContainerHooks {
  /** A hook after the start may take as long as it likes: whoever ends the container ends it. */
  private static final Duration ENDLESS = Duration.ofDays(100);

  private final ActorSystem<?> system;
  private final Pod pod;
  private final Container container;
  private final PodServices services;

  ContainerHooks(ActorSystem<?> system, Pod pod, Container container, PodServices services) {
    this.system = system;
    this.pod = pod;
    this.container = container;
    this.services = services;
  }

  /**
   * A hook that failed.
   *
   * @see #getMessage the event's
   */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Failed(String message, Throwable cause) {
      super(message, cause);
    }

    /** Why, in a few words. */
    String reason() {
      return String.valueOf(getCause().getMessage());
    }
  }

  boolean afterStart() {
    return hook(Lifecycle::getPostStart).isPresent();
  }

  /**
   * Runs the hook of an instance that has just started. Fails with {@link Failed}.
   *
   * @param sandbox where it lives
   */
  CompletionStage<Void> postStart(String id, String sandbox) {
    return hook(Lifecycle::getPostStart)
        .map(hook -> run(hook, id, sandbox, ENDLESS))
        .orElseGet(() -> CompletableFuture.completedStage(null))
        .whenComplete((_, failure) -> tell("FailedPostStartHook", failure));
  }

  /** Runs the hook of an instance that is to end, within its time; how it went makes no odds. */
  CompletionStage<Void> preStop(String id, String sandbox, Duration limit) {
    return hook(Lifecycle::getPreStop)
        .map(hook -> run(hook, id, sandbox, limit))
        .orElseGet(() -> CompletableFuture.completedStage(null))
        .whenComplete((_, failure) -> tell("FailedPreStopHook", failure))
        .exceptionally(_ -> null);
  }

  private Optional<LifecycleHandler> hook(Function<Lifecycle, LifecycleHandler> which) {
    return Optional.ofNullable(container.getLifecycle()).map(which);
  }

  /** A hook that takes longer than it may is no failure. */
  private void tell(String reason, Throwable failure) {
    if (failure != null && ContainerCalls.cause(failure) instanceof Failed failed) {
      services.events().record(pod, container.getName(), "Warning", reason, failed.getMessage());
    }
  }

  private CompletionStage<Void> run(
      LifecycleHandler hook, String id, String sandbox, Duration limit) {
    if (hook.getExec() != null) {
      return exec(hook, id, limit);
    }
    if (hook.getHttpGet() != null) {
      return host(hook.getHttpGet(), sandbox)
          .thenCompose(host -> http(hook.getHttpGet(), host, limit));
    }
    if (hook.getSleep() != null) {
      return sleep(Duration.ofSeconds(hook.getSleep().getSeconds()), limit);
    }
    var nothing = new BadConfig("invalid handler");
    return CompletableFuture.failedStage(
        new Failed("Cannot run handler: " + nothing.getMessage(), nothing));
  }

  private CompletionStage<Void> exec(LifecycleHandler hook, String id, Duration limit) {
    var command = hook.getExec().getCommand();
    var what = "Exec lifecycle hook (%s)".formatted("[" + String.join(" ", command) + "]");
    return new CommandRun(system, services.runtime())
        .run(id, command, limit)
        .exceptionallyCompose(failure -> failed(what, failure, ""))
        .thenCompose(
            result -> {
              int code = result.exitCode().orElse(-1);
              var words =
                  "command '%s' exited with %d: %s"
                      .formatted(String.join(" ", command), code, result.stderr());
              return code == 0
                  ? CompletableFuture.completedStage(null)
                  : failed(what, new BadConfig(words), result.output());
            });
  }

  private CompletionStage<Void> http(HTTPGetAction get, String host, Duration limit) {
    var what = "Http lifecycle hook (%s)".formatted(get.getPath());
    try {
      var target = HttpTargets.of(get, host, ContainerPorts.ofHook(get.getPort(), container));
      return services
          .network()
          .fetch(target, limit)
          .<Void>thenApply(_ -> null)
          .exceptionallyCompose(failure -> failed(what, failure, ""));
    } catch (BadConfig bad) {
      return failed(what, bad, "");
    }
  }

  /** Where the pod is now; its sandbox knows best. */
  private CompletionStage<String> host(HTTPGetAction get, String sandbox) {
    var given = HttpTargets.orElse(get.getHost(), "");
    return given.isEmpty()
        ? services
            .runtime()
            .inspect(sandbox)
            .thenApply(i -> PodHost.of(i.ips(), services.settings()))
        : CompletableFuture.completedStage(given);
  }

  private CompletionStage<Void> sleep(Duration wanted, Duration limit) {
    var done = new CompletableFuture<Void>();
    system
        .scheduler()
        .scheduleOnce(
            wanted.compareTo(limit) < 0 ? wanted : limit,
            () -> done.complete(null),
            system.executionContext());
    return done;
  }

  private <T> CompletionStage<T> failed(String what, Throwable failure, String output) {
    var cause = ContainerCalls.cause(failure);
    if (cause instanceof TimeoutException) {
      return CompletableFuture.failedStage(cause);
    }
    var meta = pod.getMetadata();
    var name = "%s_%s(%s)".formatted(meta.getName(), meta.getNamespace(), meta.getUid());
    return CompletableFuture.failedStage(
        new Failed(
            "%s for Container %s in Pod %s failed - error: %s, message: %s"
                .formatted(
                    what,
                    GoQuoted.of(container.getName()),
                    GoQuoted.of(name),
                    cause.getMessage(),
                    GoQuoted.of(output)),
            cause));
  }
}
