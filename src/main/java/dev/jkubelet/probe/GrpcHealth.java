package dev.jkubelet.probe;

import dev.jkubelet.grpc.GrpcClient;
import dev.jkubelet.grpc.GrpcFailure;
import dev.jkubelet.grpc.ProtoMessage;
import dev.jkubelet.grpc.ProtoWriter;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.ClassicActorSystemProvider;

/** Asks {@code grpc.health.v1.Health/Check}. */
public final class GrpcHealth {
  private static final String CHECK = "/grpc.health.v1.Health/Check";
  private static final int SERVICE = 1;
  private static final int STATUS = 1;
  private static final int SERVING = 1;

  private final ClassicActorSystemProvider system;

  public GrpcHealth(ClassicActorSystemProvider system) {
    this.system = system;
  }

  /**
   * Asks once.
   *
   * @param service as the server knows it; empty for the server as a whole
   */
  public CompletionStage<ProbeOutcome> check(
      String host, int port, String service, Duration limit) {
    var address = Dial.address(host, port);
    return GrpcClient.tcp(system, host, port, address, "kube-probe/1.20")
        .call(CHECK, new ProtoWriter().string(SERVICE, service), limit)
        .thenApply(GrpcHealth::outcome)
        .exceptionally(failure -> failed(failure, address, limit));
  }

  static ProbeOutcome outcome(ProtoMessage answer) {
    long status = answer.number(STATUS);
    return status == SERVING
        ? new ProbeOutcome.Success("service healthy")
        : new ProbeOutcome.Failure(
            "service unhealthy (responded with \"%s\")".formatted(name(status)));
  }

  private static String name(long status) {
    return switch ((int) status) {
      case 0 -> "UNKNOWN";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> Long.toString(status);
    };
  }

  /** In the words of the kubelet that first had gRPC probes. */
  static ProbeOutcome failed(Throwable failure, String address, Duration limit) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return new ProbeOutcome.Failure(
        cause instanceof GrpcFailure told
            ? words(told, address, limit)
            : "error: health rpc probe failed: " + cause.getMessage());
  }

  private static String words(GrpcFailure failure, String address, Duration limit) {
    return switch (failure.code()) {
      case UNIMPLEMENTED ->
          "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
              + failure.words();
      case DEADLINE_EXCEEDED ->
          failure.getCause() instanceof TimeoutException
              ? "timeout: failed to connect service \"%s\" within %ds: context deadline exceeded"
                  .formatted(address, limit.toSeconds())
              : "timeout: health rpc did not complete in time";
      default -> "error: health rpc probe failed: " + failure.getMessage();
    };
  }
}
