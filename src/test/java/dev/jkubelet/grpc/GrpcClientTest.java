package dev.jkubelet.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls over a socket in the file system, of etcd, which takes them there. */
class GrpcClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Below where etcd is started; it wants a name and a port. */
  private static final String SOCKET = "client.sock:1";

  private static final String PUT = "/etcdserverpb.KV/Put";
  private static final String RANGE = "/etcdserverpb.KV/Range";

  @TempDir private Path dir;
  private final ActorSystem system = ActorSystem.create("grpc-client");

  @AfterEach
  void close() {
    system.terminate();
  }

  @Test
  void bringsLargeMessagesBothWays() throws IOException {
    var etcd = etcd();
    try {
      var large = "large".repeat(60_000);
      var deadline = Instant.now().plusSeconds(60);
      while (!isPut("key", large) && Instant.now().isBefore(deadline)) {
        Thread.onSpinWait();
      }

      var found = call(dir.resolve(SOCKET), RANGE, new ProtoWriter().string(1, "key"), LONG);

      assertThat(found.messages(2)).hasSize(1);
      assertThat(found.message(2).string(5)).isEqualTo(large);
      assertThatThrownBy(() -> call(dir.resolve(SOCKET), "/no.such/Call", new ProtoWriter(), LONG))
          .isInstanceOfSatisfying(
              GrpcFailure.class,
              failure -> assertThat(failure.code()).isEqualTo(GrpcFailure.Code.UNIMPLEMENTED));
    } finally {
      etcd.destroyForcibly().onExit().join();
    }
  }

  @Test
  void failsWhereNobodyListens() {
    var nowhere = dir.resolve("nowhere.sock");
    assertThatThrownBy(() -> call(nowhere, RANGE, new ProtoWriter(), LONG))
        .hasMessageStartingWith(
            "rpc error: code = Unavailable desc = connection error: desc = \"dial unix " + nowhere);
  }

  @Test
  void failsWhenThereIsNoAnswerInTime() throws IOException {
    var silent = dir.resolve("silent.sock");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(silent));
      assertThatThrownBy(() -> call(silent, RANGE, new ProtoWriter(), Duration.ofMillis(300)))
          .hasMessage("rpc error: code = DeadlineExceeded desc = context deadline exceeded");
      try (var connection = server.accept()) {
        // What the client has sent is followed by the end: it has let go of the connection.
        var sent = ByteBuffer.allocate(1 << 20);
        while (connection.read(sent) >= 0) {
          assertThat(sent.hasRemaining()).isTrue();
        }
        assertThat(sent.position()).isPositive();
      }
    }
  }

  private boolean isPut(String key, String value) {
    try {
      call(
          dir.resolve(SOCKET),
          PUT,
          new ProtoWriter().string(1, key).string(2, value),
          Duration.ofSeconds(10));
      return true;
    } catch (GrpcFailure notYet) {
      return false;
    }
  }

  private ProtoMessage call(Path socket, String method, ProtoWriter message, Duration limit) {
    try {
      return GrpcClient.unix(system, socket, "test/1")
          .call(method, message, limit)
          .toCompletableFuture()
          .join();
    } catch (CompletionException failure) {
      throw (GrpcFailure) failure.getCause();
    }
  }

  private Process etcd() throws IOException {
    var client = "unix://" + SOCKET;
    var peer = "http://127.0.0.1:" + freePort();
    return new ProcessBuilder(
            "etcd",
            "--data-dir=data",
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer)
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
