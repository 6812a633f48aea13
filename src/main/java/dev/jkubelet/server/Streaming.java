package dev.jkubelet.server;

import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.StandardStreams;
import dev.jkubelet.server.stream.Upgrade;
import dev.jkubelet.server.stream.Upgrades;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * {@code /exec/}, {@code /attach/}, {@code /portForward/} and {@code /run/}: finds what is meant,
 * refuses as the kubelet does, in its order, and hands the connection over.
 */
final class Streaming {
  private final NodeQueries node;
  private final ContainerRuntime runtime;
  private final Upgrades upgrades;
  private final RunRoute run;

  Streaming(
      NodeQueries node,
      ContainerRuntime runtime,
      ServerSettings.StreamLimits limits,
      ActorSystem<?> system) {
    this.node = node;
    this.runtime = runtime;
    this.upgrades = new Upgrades(limits.creation(), limits.idle());
    this.run = new RunRoute(node, runtime, system);
  }

  Map<String, Handler> handlers() {
    return Map.of(
        "/exec/",
        getOrPost(this::exec),
        "/attach/",
        getOrPost(this::attach),
        "/portForward/",
        getOrPost(this::portForward),
        "/run/",
        run);
  }

  private static Handler getOrPost(Handler handler) {
    return call ->
        call.isGet() || call.method().equals("POST")
            ? handler.handle(call)
            : done(Answers.methodNotAllowed());
  }

  private CompletionStage<HttpResponse> exec(Call call) {
    var address = PodAddress.ofContainer(call.path());
    if (address.isEmpty()) {
      return done(Answers.noRoute());
    }
    StandardStreams streams;
    try {
      streams = StreamParameters.streams(call.target().query());
    } catch (StreamParameters.Invalid invalid) {
      return done(Answers.text(400, invalid.getMessage()));
    }
    var command = call.target().query().all("command");
    return inPod(
        address.get(),
        pod ->
            done(
                running(pod, address.get())
                    .map(
                        id ->
                            upgraded(
                                call,
                                () ->
                                    upgrades.command(
                                        call.request(),
                                        streams,
                                        () -> runtime.exec(id, command, streams),
                                        "error executing command in container")))
                    .orElseGet(() -> noContainer(address.get()))));
  }

  static HttpResponse noContainer(PodAddress address) {
    return Answers.text(500, "container not found (" + GoQuote.quote(address.container()) + ")");
  }

  private CompletionStage<HttpResponse> attach(Call call) {
    var address = PodAddress.ofContainer(call.path());
    if (address.isEmpty()) {
      return done(Answers.noRoute());
    }
    StandardStreams wanted;
    try {
      wanted = StreamParameters.streams(call.target().query());
    } catch (StreamParameters.Invalid invalid) {
      return done(Answers.text(400, invalid.getMessage()));
    }
    return inPod(
        address.get(),
        pod ->
            done(
                running(pod, address.get())
                    .map(id -> attach(call, pod, address.get(), id, wanted))
                    .orElseGet(
                        () ->
                            Answers.text(
                                500,
                                "container %s not found in pod %s"
                                    .formatted(
                                        address.get().container(), address.get().fullName())))));
  }

  /** Whether there is a terminal is the container's affair. */
  private HttpResponse attach(
      Call call, PodSnapshot pod, PodAddress address, String id, StandardStreams wanted) {
    var streams =
        new StandardStreams(
            wanted.stdin(),
            wanted.stdout(),
            wanted.stderr(),
            hasTerminal(pod, address.container()));
    if (streams.tty() && streams.stderr()) {
      return Answers.text(
          500, "rpc error: code = InvalidArgument desc = tty and stderr cannot both be true");
    }
    return upgraded(
        call,
        () ->
            upgrades.command(
                call.request(),
                streams,
                () -> runtime.attach(id, streams),
                "error attaching to container"));
  }

  private static boolean hasTerminal(PodSnapshot pod, String container) {
    var spec = pod.pod().getSpec();
    return Stream.concat(
            Stream.of(spec.getInitContainers(), spec.getContainers())
                .flatMap(List::stream)
                .filter(one -> one.getName().equals(container))
                .map(Container::getTty),
            spec.getEphemeralContainers().stream()
                .filter(one -> one.getName().equals(container))
                .map(EphemeralContainer::getTty))
        .anyMatch(Boolean.TRUE::equals);
  }

  private CompletionStage<HttpResponse> portForward(Call call) {
    var address = PodAddress.ofPod(call.path());
    if (address.isEmpty()) {
      return done(Answers.noRoute());
    }
    List<Integer> ports;
    try {
      ports =
          Upgrades.namesPorts(call.request())
              ? StreamParameters.ports(call.target().query())
              : List.of();
    } catch (StreamParameters.Invalid invalid) {
      return done(Answers.text(400, invalid.getMessage()));
    }
    return inPod(
        address.get(),
        pod -> {
          var uid = pod.pod().getMetadata().getUid();
          if (address.get().uid().filter(asked -> !asked.equals(uid)).isPresent()) {
            return done(Answers.text(404, "pod not found"));
          }
          return runtime
              .list(uid)
              .thenApply(all -> portForward(call, address.get(), ports, newestSandbox(all)));
        });
  }

  private HttpResponse portForward(
      Call call, PodAddress address, List<Integer> ports, Optional<ContainerSummary> sandbox) {
    if (sandbox.isEmpty()) {
      return Answers.text(500, "pod not found (" + GoQuote.quote(address.fullName()) + ")");
    }
    var id = sandbox.get().id();
    if (sandbox.get().state() != ContainerState.RUNNING) {
      return Answers.text(
          500, "rpc error: code = Unknown desc = container not running (" + id + ")");
    }
    return upgraded(
        call,
        () -> upgrades.portForward(call.request(), ports, id, port -> runtime.connect(id, port)));
  }

  private static Optional<ContainerSummary> newestSandbox(List<ContainerSummary> all) {
    return all.stream()
        .filter(summary -> summary.type() == ContainerType.SANDBOX)
        .max(Comparator.comparingInt(ContainerSummary::attempt));
  }

  private CompletionStage<HttpResponse> inPod(
      PodAddress address, Function<PodSnapshot, CompletionStage<HttpResponse>> handler) {
    return inPod(node, address, handler);
  }

  static CompletionStage<HttpResponse> inPod(
      NodeQueries node,
      PodAddress address,
      Function<PodSnapshot, CompletionStage<HttpResponse>> handler) {
    return node.pod(address.namespace(), address.pod())
        .thenCompose(
            found ->
                found.map(handler).orElseGet(() -> done(Answers.text(404, "pod does not exist"))));
  }

  /** The engine's id of the container, if it runs in the pod that is meant. */
  static Optional<String> running(PodSnapshot pod, PodAddress address) {
    var uid = pod.pod().getMetadata().getUid();
    return Optional.ofNullable(pod.containers().get(address.container()))
        .filter(_ -> address.uid().map(asked -> asked.equals(uid)).orElse(true))
        .flatMap(ContainerSnapshot::current)
        .filter(ContainerSnapshot.Instance::running)
        .map(ContainerSnapshot.Instance::id);
  }

  private static HttpResponse upgraded(Call call, Supplier<Upgrade> upgrade) {
    if (!Upgrades.isUpgrade(call.request())) {
      return Answers.error(500, "Upgrade request required");
    }
    return switch (upgrade.get()) {
      case Upgrade.Accepted(var response, var ended) ->
          response.addAttribute(CountedRequests.ENDED, ended);
      case Upgrade.Refused(var status, var text, var headers) -> {
        var refusal = text.isEmpty() ? Answers.text(status, "") : Answers.error(status, text);
        for (var header : headers.entrySet()) {
          refusal = refusal.addHeader(RawHeader.create(header.getKey(), header.getValue()));
        }
        yield refusal;
      }
    };
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
