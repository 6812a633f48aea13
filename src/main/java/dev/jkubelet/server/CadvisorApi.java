package dev.jkubelet.server;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.server.cadvisor.ApiError;
import dev.jkubelet.server.cadvisor.MachineFacts;
import dev.jkubelet.server.cadvisor.Monitoring;
import dev.jkubelet.server.cadvisor.RestApi;
import dev.jkubelet.server.cadvisor.Validation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/** cAdvisor's REST API: a long answer is written beside the dispatcher. */
final class CadvisorApi {
  static final Duration LIMIT = Duration.ofSeconds(30);

  private final Monitoring shown;
  private final RestApi api;
  private final BlockingCalls calls;

  CadvisorApi(Monitoring shown, BlockingCalls calls) {
    this.shown = shown;
    this.api = new RestApi(shown.stats(), shown.events());
    this.calls = calls;
  }

  CompletionStage<HttpResponse> answer(Call call) {
    return shown
        .machine()
        .thenCompose(machine -> answer(request(call, machine)))
        .exceptionally(CadvisorApi::refused);
  }

  /** A stream has no content type there. */
  private CompletionStage<HttpResponse> answer(RestApi.Request request) {
    return api.follow(request)
        .map(events -> CompletableFuture.completedStage(Answers.stream(200, events)))
        .orElseGet(
            () ->
                calls
                    .call("cAdvisor API", LIMIT, () -> api.answer(request))
                    .thenApply(Answers::json));
  }

  CompletionStage<HttpResponse> validate(Call call) {
    return shown
        .machine()
        .thenCompose(
            machine -> calls.call("cAdvisor validation", LIMIT, () -> Validation.of(machine)))
        .thenApply(text -> Answers.text(200, text));
  }

  private static RestApi.Request request(Call call, MachineFacts machine) {
    Map<String, String> query =
        call.target().query().values().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().getFirst()));
    var body =
        call.request().entity() instanceof HttpEntity.Strict strict
            ? strict.getData()
            : ByteString.emptyByteString();
    return new RestApi.Request(call.path(), query, body, machine);
  }

  private static HttpResponse refused(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ApiError error
        ? Answers.error(error.status(), error.getMessage())
        : Answers.error(500, Answers.reason(failure));
  }
}
