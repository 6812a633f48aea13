package dev.jkubelet.server;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WebSocket client that sorts what it gets by channels. */
final class WebSocketClient implements WebSocket.Listener, AutoCloseable {
  private final Map<Integer, ByteArrayOutputStream> channels = new HashMap<>();
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final HttpClient http;
  private final WebSocket socket;
  private CompletableFuture<Void> changed = new CompletableFuture<>();

  WebSocketClient(InetSocketAddress at, String path, String protocol) throws Exception {
    // The self-signed certificate is for the node's name.
    System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
    http = HttpClient.newBuilder().sslContext(TestCertificates.clientContext()).build();
    var builder = http.newWebSocketBuilder();
    if (!protocol.isEmpty()) {
      builder = builder.subprotocols(protocol);
    }
    var uri = URI.create("wss://" + at.getAddress().getHostAddress() + ":" + at.getPort() + path);
    socket = builder.buildAsync(uri, this).get(10, TimeUnit.SECONDS);
  }

  String protocol() {
    return socket.getSubprotocol();
  }

  void send(int channel, String text) throws Exception {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var frame = ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
    socket.sendBinary(frame, true).get(10, TimeUnit.SECONDS);
  }

  /** A part of a message, its channel's byte included in the first. */
  void sendPart(String text, boolean last) throws Exception {
    var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    socket.sendBinary(bytes, last).get(10, TimeUnit.SECONDS);
  }

  void sendBase64(int channel, String text) throws Exception {
    var bytes = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    socket.sendText(channel + bytes, true).get(10, TimeUnit.SECONDS);
  }

  /** v5's word for the end of a channel. */
  void end(int channel) throws Exception {
    socket
        .sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, (byte) channel}), true)
        .get(10, TimeUnit.SECONDS);
  }

  String text(int channel, Predicate<String> enough) throws Exception {
    while (true) {
      CompletableFuture<Void> next;
      synchronized (this) {
        var text =
            channels
                .getOrDefault(channel, new ByteArrayOutputStream())
                .toString(StandardCharsets.UTF_8);
        if (enough.test(text)) {
          return text;
        }
        next = changed;
      }
      next.get(10, TimeUnit.SECONDS);
    }
  }

  int closed() throws Exception {
    return closed.get(10, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    while (data.hasRemaining()) {
      message.write(data.get());
    }
    if (last) {
      var bytes = message.toByteArray();
      add(bytes[0], Arrays.copyOfRange(bytes, 1, bytes.length));
      message.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    message.writeBytes(data.toString().getBytes(StandardCharsets.UTF_8));
    if (last) {
      var text = message.toString(StandardCharsets.UTF_8);
      add(text.charAt(0) - '0', Base64.getDecoder().decode(text.substring(1)));
      message.reset();
    }
    from.request(1);
    return null;
  }

  private void add(int channel, byte[] bytes) {
    CompletableFuture<Void> before;
    synchronized (this) {
      channels.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).writeBytes(bytes);
      before = changed;
      changed = new CompletableFuture<>();
    }
    before.complete(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed.completeExceptionally(failure);
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
