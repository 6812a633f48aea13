package dev.jkubelet.server.stream;

import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.SpdyConnection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.Flow;

/** Changes a connection to WebSocket, with the kubelet's refusals. */
final class WebSocketUpgrade {
  private WebSocketUpgrade() {}

  /** To the first of the client's protocols that is known. */
  static Upgrade of(
      HttpRequest request,
      Map<String, WebSocketProtocol> known,
      Function<WebSocketProtocol, Flow<Message, Message, NotUsed>> session) {
    var upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isEmpty()) {
      return new Upgrade.Refused(400, "", Map.of());
    }
    var wanted =
        StreamSupport.stream(upgrade.get().getRequestedProtocols().spliterator(), false).toList();
    if (wanted.isEmpty()) {
      return Upgrade.Accepted.watched(
          session.apply(known.get("")), flow -> upgrade.get().handleMessagesWith(flow));
    }
    return wanted.stream()
        .filter(known::containsKey)
        .findFirst()
        .<Upgrade>map(
            name ->
                Upgrade.Accepted.watched(
                    session.apply(known.get(name)),
                    flow -> upgrade.get().handleMessagesWith(flow, name)))
        .orElseGet(() -> new Upgrade.Refused(403, "", Map.of()));
  }

  /**
   * To one that SPDY is tunneled through. Pekko would name no protocol that is not a token, so the
   * answer's header is our own.
   */
  static Upgrade ofTunnel(HttpRequest request, Flow<Frame, Frame, NotUsed> session) {
    var connection = Tunnel.create().atop(SpdyConnection.create()).join(session);
    return request
        .getAttribute(AttributeKeys.webSocketUpgrade)
        .<Upgrade>map(
            upgrade ->
                Upgrade.Accepted.watched(
                    connection,
                    flow ->
                        upgrade
                            .handleMessagesWith(flow)
                            .addHeader(
                                RawHeader.create("Sec-WebSocket-Protocol", UpgradeRequest.TUNNEL))))
        .orElseGet(() -> new Upgrade.Refused(400, "", Map.of()));
  }
}
