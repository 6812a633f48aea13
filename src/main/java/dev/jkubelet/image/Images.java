package dev.jkubelet.image;

import dev.jkubelet.model.GoQuoted;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the images of containers are here, in the order of the kubelet's
 * EnsureImageExists. An image that is here never waits for the pull of another one.
 */
public final class Images {
  private static final Logger LOG = LoggerFactory.getLogger(Images.class);

  /** Between two events of one pull's progress. */
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(30);

  private final ContainerRuntime runtime;
  private final PullQueue queue;
  private final Clock clock;
  private final List<Function<ImageReference, CompletionStage<Keyring>>> nodeCredentials;

  /**
   * Pulls through that engine, on a node without credentials of its own.
   *
   * @param parallelism how many pulls may run at a time, 1 or more
   * @param clock for the duration that the event of a pull tells
   */
  public Images(ContainerRuntime runtime, int parallelism, Clock clock) {
    this(runtime, parallelism, clock, List.of());
  }

  /**
   * The same on a node that has some.
   *
   * @param nodeCredentials all asked for each pull; theirs come in that order, after the pod's
   */
  public Images(
      ContainerRuntime runtime,
      int parallelism,
      Clock clock,
      List<Function<ImageReference, CompletionStage<Keyring>>> nodeCredentials) {
    this.runtime = runtime;
    this.queue = new PullQueue(runtime, parallelism);
    this.clock = clock;
    this.nodeCredentials = List.copyOf(nodeCredentials);
  }

  private static CompletionStage<Keyring> noCredentials() {
    return CompletableFuture.completedStage(Keyring.EMPTY);
  }

  /**
   * Finds or fetches an image. The stage fails only by being cancelled, which ends the waiting and
   * nothing else; whatever else goes wrong is an outcome.
   *
   * @param image as in the manifest
   * @param credentials of the pod, asked for when there is something to pull; a failure is one of
   *     the pull
   * @param listener hears what the pod's events should tell, on any thread; must not block
   */
  public CompletionStage<PullOutcome> ensure(
      String image,
      PullPolicy policy,
      Supplier<CompletionStage<Keyring>> credentials,
      Consumer<PullEvent> listener) {
    Consumer<PullEvent> events = event -> tell(listener, event);
    ImageReference reference;
    try {
      reference = ImageReference.parse(image);
    } catch (IllegalArgumentException invalid) {
      var message =
          "Failed to apply default image tag %s: couldn't parse image reference %s: %s"
              .formatted(GoQuoted.of(image), GoQuoted.of(image), invalid.getMessage());
      events.accept(PullEvent.inspectFailed(message));
      return CompletableFuture.completedFuture(new PullOutcome.InvalidImageName(message));
    }
    var outcome = new CompletableFuture<PullOutcome>();
    var _ =
        inspect(reference)
            .whenComplete(
                (found, failure) -> {
                  if (failure != null) {
                    outcome.complete(PullFailures.notInspected(image, failure, events));
                  } else {
                    decide(reference, policy, found, credentials, events, outcome);
                  }
                });
    return outcome;
  }

  /**
   * The same with the policy as manifests write it.
   *
   * @throws IllegalArgumentException when it is none
   */
  public CompletionStage<PullOutcome> ensure(
      String image,
      String policy,
      Supplier<CompletionStage<Keyring>> credentials,
      Consumer<PullEvent> listener) {
    return ensure(image, PullPolicy.of(policy), credentials, listener);
  }

  /** The same for an image that is no pod's own: with the node's credentials alone. */
  public CompletionStage<PullOutcome> ensure(
      String image, String policy, Consumer<PullEvent> listener) {
    return ensure(image, policy, Images::noCredentials, listener);
  }

  private CompletionStage<Optional<Image>> inspect(ImageReference reference) {
    try {
      return runtime.image(reference.withDefaultTag());
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private void decide(
      ImageReference reference,
      PullPolicy policy,
      Optional<Image> found,
      Supplier<CompletionStage<Keyring>> credentials,
      Consumer<PullEvent> events,
      CompletableFuture<PullOutcome> outcome) {
    var image = reference.text();
    if (outcome.isCancelled()) {
      return;
    }
    if (found.isPresent() && policy != PullPolicy.ALWAYS) {
      events.accept(PullEvent.present(image));
      outcome.complete(new PullOutcome.Present(found.get(), false));
    } else if (policy == PullPolicy.NEVER) {
      var message =
          "Container image " + GoQuoted.of(image) + " is not present with pull policy of Never";
      events.accept(PullEvent.neverPull(message));
      outcome.complete(new PullOutcome.ErrImageNeverPull(message));
    } else {
      events.accept(PullEvent.pulling(image));
      var began = clock.instant();
      var _ =
          candidates(reference, credentials)
              .whenComplete(
                  (candidates, failure) -> {
                    if (failure != null) {
                      outcome.complete(PullFailures.notPulled(image, failure, events));
                    } else if (!outcome.isCancelled()) {
                      pull(reference, candidates, began, events, outcome);
                    }
                  });
    }
  }

  /** The pod's own first. */
  private CompletionStage<List<RegistryCredentials>> candidates(
      ImageReference reference, Supplier<CompletionStage<Keyring>> credentials) {
    var all = credentials.get().thenApply(pod -> pod.candidates(reference));
    for (var source : nodeCredentials) {
      all =
          all.thenCombine(
              source.apply(reference),
              (before, keyring) ->
                  Stream.concat(before.stream(), keyring.candidates(reference).stream())
                      .distinct()
                      .toList());
    }
    return all;
  }

  private void pull(
      ImageReference reference,
      List<RegistryCredentials> candidates,
      Instant began,
      Consumer<PullEvent> events,
      CompletableFuture<PullOutcome> outcome) {
    var image = reference.text();
    var waiting = queue.pull(reference, candidates, new Told(image, began, events));
    var _ =
        waiting.whenComplete(
            (pulled, failure) -> {
              if (failure == null) {
                var took = Duration.between(began, clock.instant());
                events.accept(PullEvent.pulled(image, took));
                outcome.complete(new PullOutcome.Present(pulled, true));
              } else if (!waiting.isCancelled()) {
                outcome.complete(PullFailures.notPulled(image, failure, events));
              }
            });
    var _ =
        outcome.whenComplete(
            (_, _) -> {
              if (outcome.isCancelled()) {
                waiting.cancel(false);
              }
            });
  }

  /** What one who waits hears of a pull's progress: now and then a word. */
  private final class Told implements Consumer<PullProgress> {
    private final String image;
    private final Consumer<PullEvent> events;
    private final AtomicReference<Instant> last;

    private Told(String image, Instant began, Consumer<PullEvent> events) {
      this.image = image;
      this.events = events;
      this.last = new AtomicReference<>(began);
    }

    @Override
    public void accept(PullProgress progress) {
      var now = clock.instant();
      var before = last.get();
      if (!now.isBefore(before.plus(BETWEEN_WORDS)) && last.compareAndSet(before, now)) {
        events.accept(PullEvent.pulling(image, progress));
      }
    }
  }

  /** A listener's failure must not cost the pod its image. */
  private static void tell(Consumer<PullEvent> listener, PullEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException failure) {
      LOG.warn("nobody could be told: {}", event.message(), failure);
    }
  }
}
