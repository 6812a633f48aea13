package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import java.util.concurrent.CompletionStage;

/** Who is it, and may they: authentication.k8s.io/v1 and authorization.k8s.io/v1. */
public interface ReviewsApi {
  CompletionStage<TokenReview> review(TokenReview review);

  CompletionStage<SubjectAccessReview> review(SubjectAccessReview review);
}
