package dev.jkubelet.server.auth;

import dev.jkubelet.cluster.ReviewsApi;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * {@code --authorization-mode=Webhook}: who may do what on this node, the API server says (a
 * SubjectAccessReview); its answers are remembered.
 */
public final class WebhookAuthorizer implements Authorizer {
  private static final int REMEMBERED = 8192;

  /** Requests with longer attributes, in characters, are asked about each time. */
  private static final int LONGEST_REMEMBERED = 10_000;

  private static final String API_VERSION = "v1";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ReviewsApi api;
  private final String node;
  private final Lifetimes lifetimes;
  private final ReviewRetries retries;
  private final AnswerCache<Question, SubjectAccessReviewStatus> answers;

  /**
   * How long answers hold.
   *
   * @param allowed {@code authorization.webhook.cacheAuthorizedTTL}
   * @param refused {@code authorization.webhook.cacheUnauthorizedTTL}
   */
  public record Lifetimes(Duration allowed, Duration refused) {}

  private record Question(User user, String verb, String subresource) {}

  public WebhookAuthorizer(ReviewsApi api, String node, Lifetimes lifetimes, InstantSource clock) {
    this(api, node, lifetimes, clock, ReviewRetries.inRealTime());
  }

  WebhookAuthorizer(
      ReviewsApi api,
      String node,
      Lifetimes lifetimes,
      InstantSource clock,
      ReviewRetries retries) {
    this.api = api;
    this.node = node;
    this.lifetimes = lifetimes;
    this.retries = retries;
    this.answers = new AnswerCache<>(REMEMBERED, clock);
  }

  @Override
  public CompletionStage<Boolean> allows(User user, RequestAttributes attributes) {
    return answers
        .get(
            new Question(user, attributes.verb(), attributes.subresource()),
            () -> review(user, attributes),
            status -> lifetime(attributes, status))
        .thenCompose(WebhookAuthorizer::decision);
  }

  private CompletionStage<SubjectAccessReviewStatus> review(
      User user, RequestAttributes attributes) {
    var question =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.name())
            .withUid(user.uid().isEmpty() ? null : user.uid())
            .withGroups(user.groups())
            .withExtra(user.extra())
            .withNewResourceAttributes()
            .withVerb(attributes.verb())
            .withVersion(API_VERSION)
            .withResource(RequestAttributes.RESOURCE)
            .withSubresource(attributes.subresource())
            .withName(node)
            .endResourceAttributes()
            .endSpec()
            .build();
    return retries
        .ask(() -> api.review(question))
        .thenApply(SubjectAccessReview::getStatus)
        .toCompletableFuture()
        .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Duration lifetime(RequestAttributes attributes, SubjectAccessReviewStatus status) {
    int length =
        attributes.verb().length()
            + API_VERSION.length()
            + RequestAttributes.RESOURCE.length()
            + attributes.subresource().length()
            + node.length()
            + attributes.path().length();
    if (length >= LONGEST_REMEMBERED) {
      return Duration.ZERO;
    }
    return isTrue(status.getAllowed()) ? lifetimes.allowed() : lifetimes.refused();
  }

  private static CompletionStage<Boolean> decision(SubjectAccessReviewStatus status) {
    return isTrue(status.getAllowed()) && isTrue(status.getDenied())
        ? CompletableFuture.failedStage(
            new IllegalStateException(
                "webhook subject access review returned both allow and deny response"))
        : CompletableFuture.completedStage(isTrue(status.getAllowed()));
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }
}
