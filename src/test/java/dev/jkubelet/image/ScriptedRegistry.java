package dev.jkubelet.image;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.PullProgress;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** An engine of which only the images answer; each pull ends when the test says so. */
final class ScriptedRegistry {
  final Map<String, Image> local = new ConcurrentHashMap<>();
  final List<String> begun = new ArrayList<>();

  /** Of each pull begun, in the same order. */
  final List<Optional<?>> shown = new ArrayList<>();

  private final Map<String, CompletableFuture<Image>> pulls = new ConcurrentHashMap<>();
  private final Map<String, Consumer<?>> listeners = new ConcurrentHashMap<>();
  private Optional<RuntimeException> inspectFailure = Optional.empty();

  static Image image(String tag) {
    return new Image("sha256:" + tag, List.of(tag), List.of(), 1, "");
  }

  ContainerRuntime runtime() {
    return (ContainerRuntime)
        Proxy.newProxyInstance(
            ContainerRuntime.class.getClassLoader(),
            new Class<?>[] {ContainerRuntime.class},
            (_, method, arguments) ->
                switch (method.getName()) {
                  case "image" -> inspect((String) arguments[0]);
                  case "pull" -> {
                    listeners.put((String) arguments[0], (Consumer<?>) arguments[2]);
                    yield pull((String) arguments[0], (Optional<?>) arguments[1]);
                  }
                  case String other -> throw new UnsupportedOperationException(other);
                });
  }

  void failInspect(RuntimeException failure) {
    inspectFailure = Optional.of(failure);
  }

  @SuppressWarnings("unchecked")
  void progress(String reference, PullProgress progress) {
    ((Consumer<PullProgress>) listeners.get(reference)).accept(progress);
  }

  void finish(String reference) {
    pulls.remove(reference).complete(image(reference));
  }

  void fail(String reference, RuntimeException failure) {
    pulls.remove(reference).completeExceptionally(failure);
  }

  private CompletionStage<Optional<Image>> inspect(String reference) {
    return inspectFailure.isPresent()
        ? CompletableFuture.failedFuture(inspectFailure.get())
        : CompletableFuture.completedFuture(Optional.ofNullable(local.get(reference)));
  }

  private CompletionStage<Image> pull(String reference, Optional<?> credentials) {
    begun.add(reference);
    shown.add(credentials);
    return pulls.computeIfAbsent(reference, _ -> new CompletableFuture<>());
  }
}
