package dev.jkubelet.cluster;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The objects that pods of this node refer to: each followed once however many pods do, from the
 * first question about it until the last of these pods is gone. While the server is away, what was
 * known last is told.
 */
public final class ReferencedObjects implements AutoCloseable {
  /** Longer than the kubelet's second, for a server that is slow to answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int RUNTIME_CLASSES = 64;

  private final ObjectsApi api;
  private final Duration patience;
  private final Map<Name, Followed<ConfigMap>> configMaps = new HashMap<>();
  private final Map<Name, Followed<Secret>> secrets = new HashMap<>();
  private final BoundTokens tokens;
  private final LastKnown<List<Service>> services;
  private final Following followingServices;
  private final Map<String, RuntimeClass> runtimeClasses = new LinkedHashMap<>();

  private volatile Consumer<String> onChange = _ -> {};

  /** Follows services from now on. */
  public ReferencedObjects(ObjectsApi api, Clock clock) {
    this(api, clock, PATIENCE);
  }

  ReferencedObjects(ObjectsApi api, Clock clock, Duration patience) {
    this.api = api;
    this.patience = patience;
    this.tokens = new BoundTokens(api, clock);
    this.services = new LastKnown<>(patience, "service", () -> {});
    this.followingServices = api.followServices(new AllServices(services));
  }

  /**
   * Who is to hear when a ConfigMap or Secret is not what it was.
   *
   * @param listener is told the UID of each pod that asked for it, on any thread; must not block
   */
  public void onChange(Consumer<String> listener) {
    onChange = listener;
  }

  private record Name(String namespace, String name) {}

  /**
   * An object that is followed.
   *
   * @param holders UIDs of the pods that refer to it
   */
  private record Followed<T>(LastKnown<T> object, Following following, Set<String> holders) {}

  /** The ConfigMap, followed until all pods that asked for it are released. */
  public CompletionStage<Optional<ConfigMap>> configMap(
      String podUid, String namespace, String name) {
    return held(
        configMaps,
        podUid,
        new Name(namespace, name),
        "configmap",
        follower -> api.followConfigMap(namespace, name, follower));
  }

  /** The Secret, followed until all pods that asked for it are released. */
  public CompletionStage<Optional<Secret>> secret(String podUid, String namespace, String name) {
    return held(
        secrets,
        podUid,
        new Name(namespace, name),
        "secret",
        follower -> api.followSecret(namespace, name, follower));
  }

  /**
   * Asked for each time, such as what a pod's volumes are made of; fails while the server is away.
   *
   * @param namespace null for an object of the cluster
   */
  public <T extends HasMetadata> CompletionStage<Optional<T>> now(
      Class<T> kind, String namespace, String name) {
    return api.get(kind, namespace, name)
        .thenApply(Optional::of)
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof ApiFailure answer && answer.notFound()
                    ? CompletableFuture.completedStage(Optional.empty())
                    : CompletableFuture.failedStage(failure));
  }

  /** A strategic merge patch (JSON) of a claim's status. */
  public CompletionStage<PersistentVolumeClaim> patchStatus(
      PersistentVolumeClaim claim, String patch) {
    return api.patchStatus(
        PersistentVolumeClaim.class,
        claim.getMetadata().getNamespace(),
        claim.getMetadata().getName(),
        patch);
  }

  /** A token of that service account for that very pod; kept until the pod is released. */
  public CompletionStage<BoundToken> token(
      PodKey pod, String serviceAccount, List<String> audiences, Duration life) {
    return tokens.get(pod, serviceAccount, audiences, life);
  }

  /** All services, without what variables do not tell. */
  public CompletionStage<List<Service>> services() {
    return services.get().thenApply(all -> all.orElse(List.of()));
  }

  /** Asked for each time, as few pods want one; the last known one while the server is away. */
  public CompletionStage<Optional<RuntimeClass>> runtimeClass(String name) {
    return api.get(RuntimeClass.class, null, name)
        .thenApply(
            found -> {
              remember(name, Optional.of(found));
              return Optional.of(found);
            })
        .exceptionallyCompose(failure -> withoutAnswer(name, cause(failure)));
  }

  private CompletionStage<Optional<RuntimeClass>> withoutAnswer(String name, Throwable cause) {
    if (cause instanceof ApiFailure answer && answer.notFound()) {
      remember(name, Optional.empty());
      return CompletableFuture.completedStage(Optional.empty());
    }
    synchronized (this) {
      var last = runtimeClasses.get(name);
      return last == null
          ? CompletableFuture.failedStage(cause)
          : CompletableFuture.completedStage(Optional.of(last));
    }
  }

  private synchronized void remember(String name, Optional<RuntimeClass> newest) {
    runtimeClasses.remove(name);
    newest.ifPresent(found -> runtimeClasses.put(name, found));
    if (runtimeClasses.size() > RUNTIME_CLASSES) {
      runtimeClasses.remove(runtimeClasses.keySet().iterator().next());
    }
  }

  /** The pod is gone. */
  public synchronized void release(String podUid) {
    release(configMaps, podUid);
    release(secrets, podUid);
    tokens.release(podUid);
  }

  /** All other pods are gone, even if they asked for something after they were released. */
  public synchronized void retain(Set<String> podUids) {
    Stream.concat(configMaps.values().stream(), secrets.values().stream())
        .flatMap(followed -> followed.holders().stream())
        .filter(holder -> !podUids.contains(holder))
        .collect(Collectors.toSet())
        .forEach(this::release);
    tokens.retain(podUids);
  }

  @Override
  public synchronized void close() {
    followingServices.close();
    configMaps.values().forEach(followed -> followed.following().close());
    secrets.values().forEach(followed -> followed.following().close());
    configMaps.clear();
    secrets.clear();
  }

  private synchronized <T> CompletionStage<Optional<T>> held(
      Map<Name, Followed<T>> all,
      String podUid,
      Name name,
      String kind,
      Function<Follower<T>, Following> follow) {
    var followed =
        all.computeIfAbsent(
            name,
            _ -> {
              var object = new LastKnown<T>(patience, kind, () -> changed(all, name));
              return new Followed<>(object, follow.apply(object), new HashSet<>());
            });
    followed.holders().add(podUid);
    return followed.object().get();
  }

  private <T> void changed(Map<Name, Followed<T>> all, Name name) {
    Set<String> holders;
    synchronized (this) {
      var followed = all.get(name);
      holders = followed == null ? Set.of() : Set.copyOf(followed.holders());
    }
    holders.forEach(onChange);
  }

  private static <T> void release(Map<Name, Followed<T>> all, String podUid) {
    all.values()
        .removeIf(
            followed -> {
              boolean last = followed.holders().remove(podUid) && followed.holders().isEmpty();
              if (last) {
                followed.following().close();
              }
              return last;
            });
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
