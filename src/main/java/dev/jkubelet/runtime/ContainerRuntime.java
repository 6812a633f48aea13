package dev.jkubelet.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The engine that runs pods, in CRI's verbs. Nothing here blocks the caller. Every stage ends
 * within the engine's request time limit: with a value, or with an {@link EngineException}. Verbs
 * that end things (stop, remove) are idempotent: what is gone already is a success.
 */
public interface ContainerRuntime extends AutoCloseable {
  /** What the engine says of itself; also the proof that it answers. */
  CompletionStage<EngineInfo> info();

  /** Every sandbox and container that carries the kubelet's labels, dead ones included. */
  CompletionStage<List<ContainerSummary>> list();

  /** Those of one pod. */
  CompletionStage<List<ContainerSummary>> list(String podUid);

  /** Fails with {@link EngineException.NotFound} when there is no such container. */
  CompletionStage<ContainerInspection> inspect(String id);

  /**
   * Creates and starts a sandbox. When its name is taken by a sandbox of the same pod and attempt
   * (an earlier call whose answer was lost), that one is used. Fails with {@link
   * EngineException.NotFound} when its image is not here.
   *
   * @param made hears the sandbox's id once it is made, before it is started: containers may be
   *     created in it meanwhile. On a thread of the runtime's; must not block
   * @return the sandbox's id
   */
  CompletionStage<String> runSandbox(SandboxConfig config, Consumer<String> made);

  /** The same where nobody has anything to do meanwhile. */
  default CompletionStage<String> runSandbox(SandboxConfig config) {
    return runSandbox(config, _ -> {});
  }

  /**
   * Creates a container in a sandbox. When its name is taken by a container of the same pod, name,
   * attempt and sandbox, that one is used; a holder of the name from another sandbox is removed if
   * it is dead, else the stage fails with {@link EngineException.Conflict}.
   *
   * @return the container's id
   */
  CompletionStage<String> createContainer(ContainerConfig config);

  /** Starts a created container; one that runs already is a success. */
  CompletionStage<Void> start(String id);

  /**
   * Gives a container that runs other amounts of processor time and memory. A memory limit can't be
   * taken away, nor be made less than is in use: that fails with {@link EngineException.Refused}.
   */
  CompletionStage<Void> update(String id, ContainerConfig.Resources resources);

  /**
   * Sends the image's stop signal (SIGTERM by default), and SIGKILL once {@code grace} is over.
   * Also for sandboxes. Ends when it is dead.
   */
  CompletionStage<Void> stop(String id, Duration grace);

  /**
   * Removes a container or sandbox with its anonymous volumes and writable layer, killing it when
   * it runs.
   */
  CompletionStage<Void> remove(String id);

  /**
   * The local image of that reference (name, name:tag, name@digest or id), empty when there is
   * none.
   */
  CompletionStage<Optional<Image>> image(String reference);

  /** Every local image. */
  CompletionStage<List<Image>> images();

  /**
   * Pulls an image; {@code credentials} empty means anonymously. Fails with {@link
   * EngineException.Refused} when the registry refuses.
   *
   * @param listener hears of every bit of progress, on a thread of the runtime's; must not block
   */
  CompletionStage<Image> pull(
      String reference, Optional<RegistryCredentials> credentials, Consumer<PullProgress> listener);

  /** The same where nobody wants to hear how far it is. */
  default CompletionStage<Image> pull(String reference, Optional<RegistryCredentials> credentials) {
    return pull(reference, credentials, _ -> {});
  }

  /**
   * Removes a local image with all its names. Fails with {@link EngineException.Conflict} when a
   * container, be it a dead one, was made of it; gone already is a success.
   */
  CompletionStage<Void> removeImage(Image image);

  /**
   * Starts a process in a running container. Whoever takes the streams closes them. A command that
   * can't be started is a process that says so and ends with 126 or 127, as the engine has it.
   */
  CompletionStage<ProcessStreams> exec(String id, List<String> command, StandardStreams streams);

  /**
   * Joins the streams of a running container's first process; {@code streams.tty} counts for
   * nothing, as the container has a terminal or not. Closing them leaves the container alone.
   */
  CompletionStage<ProcessStreams> attach(String id, StandardStreams streams);

  /**
   * Connects to a TCP port at 127.0.0.1 inside a running sandbox's network. Fails with {@link
   * EngineException.Refused} when nobody listens there.
   */
  CompletionStage<PodConnection> connect(String sandboxId, int port);

  /**
   * Follows the engine's event stream for containers with the kubelet's labels, until closed.
   * Events are hints, at least once and in any order.
   *
   * @param onEvent called on a thread of the runtime's
   * @param onEnd called once when the stream breaks or ends by itself, with the cause
   */
  AutoCloseable events(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd);

  @Override
  void close();
}
