package dev.jkubelet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.grpc.GrpcFailure;
import dev.jkubelet.grpc.ProtoMessage;
import dev.jkubelet.probe.ProbeOutcome.Failure;
import dev.jkubelet.probe.ProbeOutcome.Success;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** gRPC's health checks, asked of etcd, which has them. */
class GrpcHealthTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String HOST = "127.0.0.1";

  @TempDir private Path data;
  private final ActorSystem system = ActorSystem.create("grpc-health");

  @AfterEach
  void close() {
    system.terminate();
  }

  @Test
  void aServerThatServesIsHealthyAndAServiceItDoesNotKnowIsNot() throws IOException {
    try (var etcd = Etcd.start(data)) {
      int port = etcd.port();
      var deadline = Instant.now().plusSeconds(60);
      while (!(check(port, "") instanceof Success) && Instant.now().isBefore(deadline)) {
        Thread.onSpinWait();
      }
      assertThat(check(port, "")).isEqualTo(new Success("service healthy"));
      assertThat(check(port, "no.such.Service"))
          .isEqualTo(
              new Failure(
                  "error: health rpc probe failed: rpc error: code = NotFound desc = unknown service"));
    }
  }

  @Test
  void whereNobodyListensTheCheckFails() throws IOException {
    assertThat(check(Etcd.freePort(), ""))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.output()).startsWith("error: health rpc probe failed: "));
  }

  @Test
  void whoSaysNothingInTimeHasFailed() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int port = silent.getLocalPort();
      assertThat(new GrpcHealth(system).check(HOST, port, "", Duration.ofSeconds(1)))
          .succeedsWithin(LONG)
          .isEqualTo(
              new Failure(
                  "timeout: failed to connect service \"127.0.0.1:%d\" within 1s: context deadline exceeded"
                      .formatted(port)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, service healthy",
    "2, service unhealthy (responded with \"NOT_SERVING\")",
    "3, service unhealthy (responded with \"SERVICE_UNKNOWN\")",
  })
  void tellsHowTheServiceIs(int status, String text) {
    var answer = ProtoMessage.read(ByteBuffer.wrap(new byte[] {8, (byte) status}));
    assertThat(GrpcHealth.outcome(answer))
        .isEqualTo(status == 1 ? new Success(text) : new Failure(text));
  }

  @ParameterizedTest
  @CsvSource({
    "UNIMPLEMENTED, unknown method, error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown method",
    "DEADLINE_EXCEEDED, too late, timeout: health rpc did not complete in time",
    "INTERNAL, a+b, error: health rpc probe failed: rpc error: code = Internal desc = a+b",
  })
  void tellsWhyTheServerSaidNothing(GrpcFailure.Code code, String words, String text) {
    assertThat(GrpcHealth.failed(new GrpcFailure(code, words, null), "a:1", LONG))
        .isEqualTo(new Failure(text));
  }

  private ProbeOutcome check(int port, String service) {
    return new GrpcHealth(system).check(HOST, port, service, LONG).toCompletableFuture().join();
  }
}
