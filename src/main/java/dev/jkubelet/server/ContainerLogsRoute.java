package dev.jkubelet.server;

import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * {@code GET /containerLogs/{namespace}/{pod}/{container}}: streams as fast as the client reads and
 * stops when it leaves.
 */
final class ContainerLogsRoute implements Handler {
  private final NodeQueries node;
  private final LogReader reader;
  private final InstantSource clock;

  ContainerLogsRoute(NodeQueries node, LogReader reader, InstantSource clock) {
    this.node = node;
    this.reader = reader;
    this.clock = clock;
  }

  private record Address(String namespace, String pod, String container) {
    static Optional<Address> of(String path) {
      var parts = Stream.of(path.split("/", -1)).filter(part -> !part.isEmpty()).toList();
      return parts.size() == 4
          ? Optional.of(new Address(parts.get(1), parts.get(2), parts.get(3)))
          : Optional.empty();
    }
  }

  @Override
  public CompletionStage<HttpResponse> handle(Call call) {
    var address = Address.of(call.path());
    if (address.isEmpty()) {
      return done(Answers.noRoute());
    }
    if (!call.isGet()) {
      return done(Answers.methodNotAllowed());
    }
    return switch (LogRequest.parse(call.target().query(), clock)) {
      case LogRequest.Parsed.Undecodable _ ->
          done(Answers.text(400, "{\"message\": \"Unable to decode query.\"}"));
      case LogRequest.Parsed.Invalid _ ->
          done(Answers.text(422, "{\"message\": \"Invalid request.\"}"));
      case LogRequest.Parsed.Valid(var request) -> logs(address.get(), request);
    };
  }

  private CompletionStage<HttpResponse> logs(Address address, LogRequest request) {
    return node.pod(address.namespace(), address.pod())
        .thenApply(
            found ->
                found
                    .map(snapshot -> logs(snapshot, address, request))
                    .orElseGet(
                        () ->
                            Answers.text(
                                404, "pod " + GoQuote.quote(address.pod()) + " does not exist")));
  }

  private HttpResponse logs(PodSnapshot snapshot, Address address, LogRequest request) {
    if (!specifies(snapshot.pod(), address.container())) {
      return Answers.text(
          404,
          "container "
              + GoQuote.quote(address.container())
              + " not found in pod "
              + GoQuote.quote(address.pod()));
    }
    return switch (LogChoice.of(snapshot, address.container(), request.previous())) {
      case LogChoice.Refused(var reason) ->
          Answers.stream(400, Source.single(ByteString.fromString(reason)));
      case LogChoice.Read(var instance) ->
          Answers.stream(
              200,
              reader.read(
                  instance.logPath().orElseThrow(),
                  request,
                  () -> isRunning(address, instance.id())));
    };
  }

  private CompletionStage<Boolean> isRunning(Address address, String id) {
    return node.pod(address.namespace(), address.pod())
        .thenApply(
            found ->
                found
                    .map(snapshot -> snapshot.containers().get(address.container()))
                    .flatMap(ContainerSnapshot::current)
                    .filter(now -> now.id().equals(id) && now.running())
                    .isPresent());
  }

  private static boolean specifies(Pod pod, String container) {
    var spec = pod.getSpec();
    return Stream.concat(
            Stream.concat(spec.getContainers().stream(), spec.getInitContainers().stream())
                .map(Container::getName),
            spec.getEphemeralContainers().stream().map(EphemeralContainer::getName))
        .anyMatch(container::equals);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
