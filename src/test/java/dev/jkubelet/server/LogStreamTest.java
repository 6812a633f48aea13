package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogStreamTest {
  private static final String LOGS = "/containerLogs/golden/web-golden-node/logger";
  private static final int CHUNK = 64 * 1024;
  private static final long FAR_MORE_THAN_SOCKETS_HOLD = 512L * 1024 * 1024;

  @TempDir private Path folder;

  @Test
  void readsOnlyAsFastAsTheClient() throws Exception {
    var read = new AtomicLong();
    var reads = new Semaphore(0);
    var chunk = ByteString.fromArray(new byte[CHUNK]);
    LogReader endless =
        (_, _, _) ->
            Source.repeat(chunk)
                .map(
                    bytes -> {
                      read.addAndGet(CHUNK);
                      reads.release();
                      return bytes;
                    });
    try (var server = TestServer.start(TestServer.Options.in(folder).withLogs(endless));
        var socket = server.kubelet()) {
      ask(socket, LOGS);
      assertThat(reads.tryAcquire(1, 10, TimeUnit.SECONDS)).isTrue();
      // Nobody reads: what is read is bounded by the buffers between, and then there is silence.
      while (reads.tryAcquire(1, 1, TimeUnit.SECONDS)) {
        assertThat(read.get()).isLessThan(FAR_MORE_THAN_SOCKETS_HOLD);
      }
      // The client reads on, and so does the source.
      socket.getInputStream().readNBytes((int) read.get());
      assertThat(reads.tryAcquire(1, 10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a line\n", ""})
  void endsASilentLogWhenTheClientLeaves(String before) throws Exception {
    var gone = new CountDownLatch(1);
    LogReader quiet =
        (_, _, _) ->
            Source.single(ByteString.fromString(before))
                .concat(Source.maybe())
                .watchTermination(
                    (mat, end) -> {
                      end.whenComplete((_, _) -> gone.countDown());
                      return NotUsed.getInstance();
                    });
    try (var server = TestServer.start(TestServer.Options.in(folder).withLogs(quiet))) {
      try (var socket = server.kubelet()) {
        ask(socket, LOGS + "?follow=true");
        assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
        assertThat(gone.getCount()).isEqualTo(1);
      }
      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void sendsHeadersBeforeTheFirstLine() throws Exception {
    LogReader silent = (_, _, _) -> Source.<ByteString>maybe().mapMaterializedValue(_ -> unused());
    try (var server = TestServer.start(TestServer.Options.in(folder).withLogs(silent));
        var socket = server.kubelet()) {
      ask(socket, LOGS + "?follow=true");
      assertThat(line(socket.getInputStream())).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void passesOptionsFileAndStateOn() throws Exception {
    var asked = new CompletableFuture<LogRequest>();
    var file = new CompletableFuture<Path>();
    var running = new CompletableFuture<Supplier<CompletionStage<Boolean>>>();
    LogReader reader =
        (path, request, isRunning) -> {
          file.complete(path);
          asked.complete(request);
          running.complete(isRunning);
          return Source.empty();
        };
    try (var server = TestServer.start(TestServer.Options.in(folder).withLogs(reader))) {
      RawHttp.get(server.kubelet(), LOGS + "?follow=1&timestamps=true&tailLines=5&limitBytes=100");

      assertThat(file.get(5, TimeUnit.SECONDS)).isEqualTo(Path.of("/logs-of/logger"));
      var request = asked.get(5, TimeUnit.SECONDS);
      assertThat(request.follow()).isTrue();
      assertThat(request.timestamps()).isTrue();
      assertThat(request.previous()).isFalse();
      assertThat(request.tailLines()).hasValue(5);
      assertThat(request.limitBytes()).hasValue(100);
      assertThat(request.since()).isEmpty();
      assertThat(running.get().get().toCompletableFuture().get(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void knowsThatADeadContainerDoesNotRun() throws Exception {
    var running = new CompletableFuture<Supplier<CompletionStage<Boolean>>>();
    LogReader reader =
        (_, _, isRunning) -> {
          running.complete(isRunning);
          return Source.empty();
        };
    try (var server = TestServer.start(TestServer.Options.in(folder).withLogs(reader))) {
      RawHttp.get(server.kubelet(), "/containerLogs/golden/done-golden-node/main?follow=true");
      assertThat(
              running.get(5, TimeUnit.SECONDS).get().toCompletableFuture().get(5, TimeUnit.SECONDS))
          .isFalse();
    }
  }

  private static NotUsed unused() {
    return NotUsed.getInstance();
  }

  private static void ask(Socket socket, String path) throws Exception {
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: node\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String line(InputStream in) throws Exception {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\r' && c >= 0; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
