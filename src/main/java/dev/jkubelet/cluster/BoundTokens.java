package dev.jkubelet.cluster;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The tokens of pods, each asked for once, and again when four fifths of its life or a day are
 * over. While the server gives no newer one, the old one is good until it expires.
 */
final class BoundTokens {
  private static final Duration OLDEST = Duration.ofDays(1);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final ObjectsApi api;
  private final Clock clock;
  private final Map<Wish, Held> tokens = new HashMap<>();

  BoundTokens(ObjectsApi api, Clock clock) {
    this.api = api;
    this.clock = clock;
  }

  private record Wish(PodKey pod, String serviceAccount, List<String> audiences, Duration life) {}

  private record Held(BoundToken token, Instant expires) {}

  CompletionStage<BoundToken> get(
      PodKey pod, String serviceAccount, List<String> audiences, Duration life) {
    var wish = new Wish(pod, serviceAccount, List.copyOf(audiences), life);
    var held = held(wish);
    if (held.filter(h -> clock.instant().isBefore(h.token().renewAt())).isPresent()) {
      return CompletableFuture.completedStage(held.get().token());
    }
    return api.createToken(pod.namespace(), serviceAccount, request(wish))
        .thenApply(answer -> hold(wish, answer))
        .exceptionallyCompose(failure -> withoutNewer(held, failure));
  }

  private CompletionStage<BoundToken> withoutNewer(Optional<Held> held, Throwable failure) {
    var now = clock.instant();
    return held.filter(h -> now.isBefore(h.expires()))
        .<CompletionStage<BoundToken>>map(
            h ->
                CompletableFuture.completedStage(new BoundToken(h.token().text(), now.plus(RETRY))))
        .orElseGet(() -> CompletableFuture.failedStage(failure));
  }

  private synchronized Optional<Held> held(Wish wish) {
    return Optional.ofNullable(tokens.get(wish));
  }

  private synchronized BoundToken hold(Wish wish, TokenRequest answer) {
    var expires = Instant.parse(answer.getStatus().getExpirationTimestamp());
    var life =
        Optional.ofNullable(answer.getSpec().getExpirationSeconds())
            .map(Duration::ofSeconds)
            .orElse(wish.life());
    var age = life.multipliedBy(4).dividedBy(5);
    var renewAt = expires.minus(life).plus(age.compareTo(OLDEST) > 0 ? OLDEST : age);
    var token = new BoundToken(answer.getStatus().getToken(), renewAt);
    tokens.put(wish, new Held(token, expires));
    return token;
  }

  /** The pod is gone, and its tokens with it. */
  synchronized void release(String podUid) {
    tokens.keySet().removeIf(wish -> wish.pod().uid().equals(podUid));
  }

  /** All others are gone. */
  synchronized void retain(Set<String> podUids) {
    tokens.keySet().removeIf(wish -> !podUids.contains(wish.pod().uid()));
  }

  private static TokenRequest request(Wish wish) {
    return new TokenRequestBuilder()
        .withNewSpec()
        .withAudiences(wish.audiences())
        .withExpirationSeconds(wish.life().toSeconds())
        .withNewBoundObjectRef()
        .withApiVersion("v1")
        .withKind("Pod")
        .withName(wish.pod().name())
        .withUid(wish.pod().uid())
        .endBoundObjectRef()
        .endSpec()
        .build();
  }
}
