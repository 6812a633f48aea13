package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.StandardStreams;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Turns requests into sessions, by SPDY or WebSocket, with the kubelet's refusals. */
public final class Upgrades {
  private final Sessions sessions;

  /**
   * @param creationLimit how long a client has to open its streams; 30 seconds in the kubelet
   * @param idle after which a session ends in which nothing moves; zero for never
   */
  public Upgrades(Duration creationLimit, Duration idle) {
    this.sessions = new Sessions(creationLimit, idle);
  }

  public static boolean isUpgrade(HttpRequest request) {
    return new UpgradeRequest(request).isUpgrade();
  }

  /** Whether the ports to forward are in the request, and not said by each stream. */
  public static boolean namesPorts(HttpRequest request) {
    var upgrade = new UpgradeRequest(request);
    return upgrade.isWebSocket() && !upgrade.isTunnel();
  }

  /**
   * A session with a process.
   *
   * @param failure the words before the reason why the process could not be started
   */
  public Upgrade command(
      HttpRequest request,
      StandardStreams wanted,
      Supplier<CompletionStage<ProcessStreams>> start,
      String failure) {
    var upgrade = new UpgradeRequest(request);
    if (upgrade.isWebSocket()) {
      return WebSocketUpgrade.of(
          request,
          WebSocketProtocol.COMMANDS,
          protocol -> {
            var words = protocol.words();
            return protocol
                .command(wanted)
                .flow()
                .join(sessions.command(words, words.streams(wanted), start, failure));
          });
    }
    return SpdyUpgrade.of(
        upgrade,
        CommandProtocol.names(),
        name -> {
          var protocol = CommandProtocol.named(name).orElseThrow();
          return sessions.command(protocol, protocol.streams(wanted), start, failure);
        });
  }

  /**
   * A session that forwards ports.
   *
   * @param ports those of a WebSocket client, which are named in its request
   */
  public Upgrade portForward(
      HttpRequest request,
      List<Integer> ports,
      String sandboxId,
      IntFunction<CompletionStage<PodConnection>> connect) {
    var upgrade = new UpgradeRequest(request);
    var session = sessions.portForward(sandboxId, connect);
    if (upgrade.isTunnel()) {
      return WebSocketUpgrade.ofTunnel(request, session);
    }
    if (upgrade.isWebSocket()) {
      return WebSocketUpgrade.of(
          request,
          WebSocketProtocol.PORT_FORWARDS,
          protocol -> protocol.portForward(ports).flow().join(session));
    }
    return SpdyUpgrade.of(upgrade, List.of(PortForward.PROTOCOL_NAME), _ -> session);
  }
}
