package dev.jkubelet.server.auth;

import dev.jkubelet.cluster.ReviewsApi;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@code --authentication-token-webhook}: whose a bearer token is, the API server says (a
 * TokenReview). A yes and a plain no are remembered; a no because of an error is not, as that may
 * be the server's trouble and not the token's. Tokens are remembered by a keyed hash.
 */
public final class WebhookAuthenticator implements Authenticator {
  private static final String HASH = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int REMEMBERED = 32_768;

  /** For all tries together, as in the kubelet. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ReviewsApi api;
  private final Duration lifetime;
  private final ReviewRetries retries;
  private final AnswerCache<String, TokenReviewStatus> answers;
  private final SecretKeySpec key;

  /**
   * @param lifetime of an answer, {@code authentication.webhook.cacheTTL}; zero remembers nothing
   */
  public WebhookAuthenticator(ReviewsApi api, Duration lifetime, InstantSource clock) {
    this(api, lifetime, clock, ReviewRetries.inRealTime());
  }

  WebhookAuthenticator(
      ReviewsApi api, Duration lifetime, InstantSource clock, ReviewRetries retries) {
    this.api = api;
    this.lifetime = lifetime;
    this.retries = retries;
    this.answers = new AnswerCache<>(REMEMBERED, clock);
    var random = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, HASH);
  }

  @Override
  public CompletionStage<Authentication> authenticate(Credentials credentials) {
    return credentials
        .bearerToken()
        .<CompletionStage<Authentication>>map(this::judge)
        .orElseGet(() -> CompletableFuture.completedFuture(new Authentication.NoOpinion()));
  }

  private CompletionStage<Authentication> judge(String token) {
    return answers
        .get(hash(token), () -> review(token), this::lifetime)
        .thenApply(WebhookAuthenticator::opinion);
  }

  private CompletionStage<TokenReviewStatus> review(String token) {
    var question = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    return retries
        .ask(() -> api.review(question))
        .thenApply(TokenReview::getStatus)
        .toCompletableFuture()
        .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Duration lifetime(TokenReviewStatus status) {
    return yes(status) || error(status).isEmpty() ? lifetime : Duration.ZERO;
  }

  private static Authentication opinion(TokenReviewStatus status) {
    return yes(status)
        ? new Authentication.Known(user(status.getUser()).authenticated())
        : new Authentication.Rejected(error(status).orElse("invalid bearer token"));
  }

  private static boolean yes(TokenReviewStatus status) {
    return Boolean.TRUE.equals(status.getAuthenticated());
  }

  private static Optional<String> error(TokenReviewStatus status) {
    return Optional.ofNullable(status.getError()).filter(error -> !error.isEmpty());
  }

  private static User user(UserInfo info) {
    return new User(
        orEmpty(info.getUsername()),
        orEmpty(info.getUid()),
        List.copyOf(Optional.ofNullable(info.getGroups()).orElse(List.of())),
        Map.copyOf(Optional.ofNullable(info.getExtra()).orElse(Map.of())));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private String hash(String token) {
    try {
      var mac = Mac.getInstance(HASH);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HASH + " is part of every JDK", e);
    }
  }
}
