package dev.jkubelet.server.auth;

import dev.jkubelet.cluster.ReviewsApi;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes down every question; answers when and as the test says, in the order of the questions. */
final class FakeReviews implements ReviewsApi {
  final List<TokenReview> tokens = new ArrayList<>();
  final List<SubjectAccessReview> subjects = new ArrayList<>();
  private final Queue<CompletableFuture<TokenReview>> tokenAnswers = new ArrayDeque<>();
  private final Queue<CompletableFuture<SubjectAccessReview>> subjectAnswers = new ArrayDeque<>();

  @Override
  public CompletionStage<TokenReview> review(TokenReview review) {
    tokens.add(review);
    return add(tokenAnswers);
  }

  @Override
  public CompletionStage<SubjectAccessReview> review(SubjectAccessReview review) {
    subjects.add(review);
    return add(subjectAnswers);
  }

  void answer(TokenReview review) {
    tokenAnswers.remove().complete(review);
  }

  void answer(SubjectAccessReview review) {
    subjectAnswers.remove().complete(review);
  }

  void failToken(RuntimeException failure) {
    tokenAnswers.remove().completeExceptionally(failure);
  }

  void failSubject(RuntimeException failure) {
    subjectAnswers.remove().completeExceptionally(failure);
  }

  private static <T> CompletableFuture<T> add(Queue<CompletableFuture<T>> answers) {
    var answer = new CompletableFuture<T>();
    answers.add(answer);
    return answer;
  }
}
