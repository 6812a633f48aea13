package dev.jkubelet.server;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Output;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.StandardStreams;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.TimeoutAccess;
import org.apache.pekko.util.ByteString;
import scala.concurrent.duration.Duration;

/**
 * {@code POST /run/{namespace}/{pod}/{container}?cmd=}: runs a command, split at blanks, and
 * answers with what it wrote: stdout, then stderr.
 */
final class RunRoute implements Handler {
  /** Of each stream, as in the dockershim; the rest is read and thrown away. */
  private static final int MAX_OUTPUT = 16 << 20;

  private static final StandardStreams BOTH = new StandardStreams(false, true, true, false);

  private final NodeQueries node;
  private final ContainerRuntime runtime;
  private final ActorSystem<?> system;

  RunRoute(NodeQueries node, ContainerRuntime runtime, ActorSystem<?> system) {
    this.node = node;
    this.runtime = runtime;
    this.system = system;
  }

  @Override
  public CompletionStage<HttpResponse> handle(Call call) {
    var address = PodAddress.ofContainer(call.path());
    if (address.isEmpty()) {
      return CompletableFuture.completedFuture(Answers.noRoute());
    }
    if (!call.method().equals("POST")) {
      return CompletableFuture.completedFuture(Answers.methodNotAllowed());
    }
    // It may take as long as the command does.
    call.request()
        .getHeader(TimeoutAccess.class)
        .ifPresent(header -> header.timeoutAccess().updateTimeout(Duration.Inf()));
    var command = List.of(call.target().query().first("cmd").orElse("").split(" ", -1));
    return Streaming.inPod(
        node,
        address.get(),
        pod ->
            Streaming.running(pod, address.get())
                .map(id -> run(id, command))
                .orElseGet(
                    () -> CompletableFuture.completedFuture(Streaming.noContainer(address.get()))));
  }

  private CompletionStage<HttpResponse> run(String id, List<String> command) {
    return runtime
        .exec(id, command, BOTH)
        .thenCompose(process -> written(process, command))
        .exceptionally(failure -> Answers.text(500, Answers.reason(failure)));
  }

  private record Written(ByteString stdout, ByteString stderr) {
    private static final Written NOTHING =
        new Written(ByteString.emptyByteString(), ByteString.emptyByteString());

    private Written with(Output output) {
      return switch (output.stream()) {
        case STDOUT -> new Written(append(stdout, output.bytes()), stderr);
        case STDERR -> new Written(stdout, append(stderr, output.bytes()));
      };
    }

    private static ByteString append(ByteString bytes, ByteString more) {
      return bytes.concat(more.take(MAX_OUTPUT - bytes.size()));
    }
  }

  private CompletionStage<HttpResponse> written(ProcessStreams process, List<String> command) {
    return process
        .output()
        .runFold(Written.NOTHING, Written::with, system)
        .thenCompose(
            written -> process.exitCode().thenApply(code -> answer(command, code, written)))
        .whenComplete((_, _) -> process.close());
  }

  private static HttpResponse answer(List<String> command, OptionalInt code, Written written) {
    if (code.orElse(0) != 0) {
      return Answers.text(
          500,
          "command '%s' exited with %d: %s"
              .formatted(
                  String.join(" ", command), code.getAsInt(), written.stderr().utf8String()));
    }
    var body = written.stdout().concat(written.stderr());
    return body.isEmpty() ? HttpResponse.create() : Answers.json(body);
  }
}
