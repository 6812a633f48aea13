package dev.jkubelet.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;

/** A port that listens for HTTP. */
interface Listener {
  InetSocketAddress at();

  /** Stops listening; whatever is still being answered after {@code deadline} is cut off. */
  CompletionStage<?> close(Duration deadline);

  static CompletionStage<Listener> plain(
      ActorSystem<?> system,
      InetSocketAddress at,
      ServerSettings settings,
      Flow<HttpRequest, HttpResponse, ?> handler) {
    return Http.get(system)
        .newServerAt(at.getAddress().getHostAddress(), at.getPort())
        .withSettings(settings)
        .bindFlow(handler)
        .thenApply(
            binding ->
                new Listener() {
                  @Override
                  public InetSocketAddress at() {
                    return binding.localAddress();
                  }

                  @Override
                  public CompletionStage<?> close(Duration deadline) {
                    return binding.terminate(deadline);
                  }
                });
  }

  /**
   * The same behind TLS, with {@link TlsLayer} in place of Pekko's own, which can't be exchanged.
   *
   * @param engines makes one for each connection
   */
  static CompletionStage<Listener> tls(
      ActorSystem<?> system,
      InetSocketAddress at,
      ServerSettings settings,
      Supplier<SSLEngine> engines,
      Flow<HttpRequest, HttpResponse, ?> handler) {
    var cut = KillSwitches.shared("connections to " + at);
    var connection =
        handler
            .join(Http.get(system).serverLayer(settings).atop(TlsLayer.create(engines)))
            .via(cut.<ByteString>flow())
            .watchTermination((_, end) -> end.<Void>handle((_, _) -> null));
    var run =
        Tcp.get(system)
            .bind(
                at.getAddress().getHostAddress(),
                at.getPort(),
                settings.getBacklog(),
                settings.getSocketOptions(),
                false,
                Optional.empty())
            .mapAsyncUnordered(
                settings.getMaxConnections(), incoming -> incoming.handleWith(connection, system))
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    return run.first()
        .thenApply(
            binding ->
                new Listener() {
                  @Override
                  public InetSocketAddress at() {
                    return binding.localAddress();
                  }

                  @Override
                  public CompletionStage<?> close(Duration deadline) {
                    var cutOff =
                        binding.unbind().thenRunAsync(cut::shutdown, delayedExecutor(deadline));
                    return run.second()
                        .applyToEither(cutOff.thenApply(_ -> Done.getInstance()), end -> end);
                  }
                });
  }

  private static Executor delayedExecutor(Duration delay) {
    return CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
  }
}
