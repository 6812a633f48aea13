package dev.jkubelet.server;

import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.stats.StatsSummary;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/** {@code /stats/} of the kubelet's ports: the summary, to GET and POST. */
record StatsRoutes(StatsSummary summary, NodeQueries node) implements Handler {
  private static final String SUMMARY = "/stats/summary";

  @Override
  public CompletionStage<HttpResponse> handle(Call call) {
    if (!call.path().equals(SUMMARY) && !call.path().equals(SUMMARY + "/")) {
      return CompletableFuture.completedFuture(Answers.noRoute());
    }
    if (!call.isGet() && !call.method().equals("POST")) {
      return CompletableFuture.completedFuture(Answers.methodNotAllowed());
    }
    return call.target().query().all("only_cpu_and_memory").equals(List.of("true"))
        ? CompletableFuture.completedFuture(answer(summary.renderCpuAndMemory()))
        : node.pods().thenApply(pods -> answer(summary.render(startTimes(pods))));
  }

  private static HttpResponse answer(byte[] body) {
    return Answers.json(ByteString.fromArrayUnsafe(body));
  }

  private static Map<String, Instant> startTimes(List<PodSnapshot> pods) {
    var times = new HashMap<String, Instant>();
    for (var snapshot : pods) {
      var status = snapshot.pod().getStatus();
      if (status != null && status.getStartTime() != null) {
        times.put(snapshot.pod().getMetadata().getUid(), Instant.parse(status.getStartTime()));
      }
    }
    return times;
  }
}
