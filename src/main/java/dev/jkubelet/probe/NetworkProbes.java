package dev.jkubelet.probe;

import dev.jkubelet.runtime.BlockingCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Looks at pods over the network. Each look has a virtual thread and a connection of its own, and
 * ends within its time limit.
 */
public final class NetworkProbes {
  /** More than one node's probes and hooks, of which each has one look under way. */
  private static final int CONCURRENT = 10_000;

  private final BlockingCalls calls = new BlockingCalls(CONCURRENT);

  /** A connection that can be opened is a success. */
  public CompletionStage<ProbeOutcome> tcp(String host, int port, Duration limit) {
    return calls
        .<ProbeOutcome>call(
            "tcp probe",
            limit,
            () -> {
              Dial.tcp(host, port).close();
              return new ProbeOutcome.Success("");
            })
        .exceptionally(failed(_ -> Dial.timedOut(host, port), IOException::getMessage));
  }

  /** Statuses from 200 to 399 are a success; where redirects end early, with a warning. */
  public CompletionStage<ProbeOutcome> http(HttpTarget target, Duration limit) {
    return get(target, limit)
        .thenApply(NetworkProbes::judged)
        .exceptionally(failed(Throwable::getMessage, Throwable::getMessage));
  }

  private static ProbeOutcome judged(HttpAnswer answer) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return new ProbeOutcome.Success(answer.body());
    }
    return status >= 300 && status < 400
        ? new ProbeOutcome.Warning(answer.body())
        : new ProbeOutcome.Failure("HTTP probe failed with statuscode: " + status);
  }

  /**
   * Any answer is one.
   *
   * @return its body; fails with an {@link IOException} when there is none
   */
  public CompletionStage<String> fetch(HttpTarget target, Duration limit) {
    return get(target, limit).thenApply(HttpAnswer::body);
  }

  private CompletionStage<HttpAnswer> get(HttpTarget target, Duration limit) {
    return calls
        .call("http get", limit, new HttpGet(target)::run)
        .exceptionally(
            failure -> {
              throw new CompletionException(told(target, cause(failure)));
            });
  }

  private static Throwable told(HttpTarget target, Throwable failure) {
    var url = "Get \"" + target.url() + "\": ";
    return switch (failure) {
      case TimeoutException _ ->
          new IOException(
              url + "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
              failure);
      case IOException _ -> new IOException(url + failure.getMessage(), failure);
      default -> failure;
    };
  }

  private static Function<Throwable, ProbeOutcome> failed(
      Function<TimeoutException, String> timedOut, Function<IOException, String> refused) {
    return failure ->
        switch (cause(failure)) {
          case TimeoutException timeout -> new ProbeOutcome.Failure(timedOut.apply(timeout));
          case IOException refusal -> new ProbeOutcome.Failure(refused.apply(refusal));
          case Throwable bug -> new ProbeOutcome.Unknown(bug.toString());
        };
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
