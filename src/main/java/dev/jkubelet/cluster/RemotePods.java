package dev.jkubelet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

record RemotePods(ApiCalls calls, Followings followings, String nodeName) implements PodsApi {
  private static final int CONFLICT = 409;
  private static final int INVALID = 422;

  @Override
  public Following follow(Follower<Pod> follower) {
    return followings.follow(
        ApiPath.of(Pod.class), ApiPath.where("spec.nodeName", nodeName), Pod.class, follower);
  }

  @Override
  public CompletionStage<Pod> get(String namespace, String name) {
    return calls.call(ApiRequest.get(ApiPath.of(Pod.class, namespace, name)), Pod.class);
  }

  @Override
  public CompletionStage<Pod> create(Pod pod) {
    var path = ApiPath.of(Pod.class, pod.getMetadata().getNamespace());
    return calls.call(ApiRequest.post(path, calls.written(pod)), Pod.class);
  }

  /** The server finds another pod's UID invalid, as it does anything that is wrong. */
  @Override
  public CompletionStage<Pod> patchStatus(PodKey pod, String patch) {
    var request = ApiRequest.patch(path(pod) + "/status", patch);
    return calls.stage(
        request.what(),
        () -> {
          try {
            return calls.answer(request, Pod.class);
          } catch (ApiFailure refusal) {
            if (refusal.code() == INVALID && gone(pod)) {
              throw new ApiFailure(
                  CONFLICT, "Conflict", refusal.getMessage(), Duration.ZERO, refusal);
            }
            throw refusal;
          }
        });
  }

  /** A conflict may be another pod of that name: then the one meant is gone. */
  @Override
  public CompletionStage<Void> delete(PodKey pod, Duration grace) {
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withGracePeriodSeconds(grace.toSeconds())
            .withNewPreconditions()
            .withUid(pod.uid())
            .endPreconditions()
            .build();
    var request = ApiRequest.delete(path(pod), calls.written(options));
    return calls.stage(
        request.what(),
        () -> {
          try {
            calls.answer(request, JsonNode.class);
          } catch (ApiFailure refusal) {
            boolean done = refusal.notFound() || (refusal.conflict() && gone(pod));
            if (!done) {
              throw refusal;
            }
          }
          return null;
        });
  }

  /** Whether there is no pod of that name, or another one. */
  private boolean gone(PodKey pod) throws InterruptedException {
    try {
      var there = calls.answer(ApiRequest.get(path(pod)), Pod.class);
      return !there.getMetadata().getUid().equals(pod.uid());
    } catch (ApiFailure failure) {
      if (failure.notFound()) {
        return true;
      }
      throw failure;
    }
  }

  private static String path(PodKey pod) {
    return ApiPath.of(Pod.class, pod.namespace(), pod.name());
  }
}
