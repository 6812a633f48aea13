package dev.jkubelet.server;

import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.ContainerSnapshot.Instance;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.log.ContainerLog;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * {@code /containerLogs/{namespace}/{pod}/{container}}: a stream as fast as its reader, ended when
 * the reader leaves.
 */
final class LogRoutes {
  private final NodeQueries node;
  private final BlockingCalls calls;
  private final Clock clock;

  LogRoutes(NodeQueries node, BlockingCalls calls, Clock clock) {
    this.node = node;
    this.calls = calls;
    this.clock = clock;
  }

  static boolean owns(String path) {
    return path.startsWith("/containerLogs/");
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, String path) {
    var parts = path.substring("/containerLogs/".length()).split("/", -1);
    if (parts.length != 3 || Stream.of(parts).anyMatch(String::isEmpty)) {
      return CompletableFuture.completedStage(Replies.error(404, "404: Page Not Found"));
    }
    if (!request.method().equals(HttpMethods.GET)) {
      return CompletableFuture.completedStage(Replies.methodNotAllowed());
    }
    LogQuery query;
    try {
      query = LogQuery.of(request.getUri().query(), clock);
    } catch (LogQuery.Bad bad) {
      return CompletableFuture.completedStage(Replies.error(bad.status, bad.getMessage()));
    }
    return node.pod(parts[0], parts[1])
        .thenApply(pod -> logs(pod, parts[0], parts[1], parts[2], query));
  }

  private HttpResponse logs(
      Optional<PodSnapshot> found, String namespace, String pod, String container, LogQuery query) {
    if (found.isEmpty()) {
      return Replies.error(404, "pod \"" + pod + "\" does not exist");
    }
    var snapshot = found.get();
    if (names(snapshot).noneMatch(container::equals)) {
      return Replies.error(404, "container \"" + container + "\" not found in pod \"" + pod + "\"");
    }
    var seen = Optional.ofNullable(snapshot.containers().get(container));
    var instance =
        query.previous()
            ? seen.flatMap(ContainerSnapshot::previous)
            : seen.flatMap(ContainerSnapshot::current);
    var file = instance.flatMap(Instance::logPath);
    if (file.isEmpty()) {
      return Replies.error(400, absent(snapshot, pod, container, query.previous()));
    }
    var id = instance.orElseThrow().id();
    return HttpResponse.create()
        .withEntity(
            HttpEntities.createChunked(
                ContentTypes.NO_CONTENT_TYPE,
                ContainerLog.read(
                    file.get(),
                    query.options(),
                    calls,
                    () -> runs(namespace, pod, container, id))));
  }

  private static String absent(
      PodSnapshot snapshot, String pod, String container, boolean previous) {
    if (previous) {
      return "previous terminated container \"" + container + "\" in pod \"" + pod + "\" not found";
    }
    var reason =
        Stream.of(
                snapshot.pod().getStatus().getInitContainerStatuses(),
                snapshot.pod().getStatus().getContainerStatuses())
            .flatMap(java.util.List::stream)
            .filter(s -> s.getName().equals(container))
            .map(ContainerStatus::getState)
            .filter(s -> s != null && s.getWaiting() != null)
            .map(s -> s.getWaiting().getReason())
            .findFirst();
    return reason
        .map(
            r -> "container \"" + container + "\" in pod \"" + pod + "\" is waiting to start: " + r)
        .orElse("container \"" + container + "\" in pod \"" + pod + "\" is not available");
  }

  private CompletionStage<Boolean> runs(String namespace, String pod, String container, String id) {
    return node.pod(namespace, pod)
        .thenApply(
            found ->
                found
                    .map(s -> s.containers().get(container))
                    .flatMap(ContainerSnapshot::current)
                    .filter(i -> i.id().equals(id) && i.running())
                    .isPresent());
  }

  private static Stream<String> names(PodSnapshot snapshot) {
    var spec = snapshot.pod().getSpec();
    return Stream.of(spec.getInitContainers(), spec.getContainers())
        .flatMap(java.util.List::stream)
        .map(io.fabric8.kubernetes.api.model.Container::getName);
  }
}
