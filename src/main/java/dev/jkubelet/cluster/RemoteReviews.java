package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import java.util.concurrent.CompletionStage;

record RemoteReviews(ApiCalls calls) implements ReviewsApi {
  @Override
  public CompletionStage<TokenReview> review(TokenReview review) {
    return calls.call(
        ApiRequest.post(ApiPath.of(TokenReview.class), calls.written(review)), TokenReview.class);
  }

  @Override
  public CompletionStage<SubjectAccessReview> review(SubjectAccessReview review) {
    return calls.call(
        ApiRequest.post(ApiPath.of(SubjectAccessReview.class), calls.written(review)),
        SubjectAccessReview.class);
  }
}
