package dev.jkubelet.server.stream;

import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.SpdyConnection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Changes a connection to SPDY, with the kubelet's refusals. */
final class SpdyUpgrade {
  private SpdyUpgrade() {}

  /** To the first of the client's protocols that is known. */
  static Upgrade of(
      UpgradeRequest request,
      List<String> known,
      Function<String, Flow<Frame, Frame, NotUsed>> session) {
    if (request.versions().isEmpty()) {
      return new Upgrade.Refused(
          400, "unable to upgrade: " + UpgradeRequest.VERSION + " is required", Map.of());
    }
    var name = request.negotiate(known);
    if (name.isEmpty()) {
      return new Upgrade.Refused(
          403,
          "unable to upgrade: unable to negotiate protocol: client supports %s, server accepts %s"
              .formatted(goList(request.versions()), goList(known)),
          Map.of(UpgradeRequest.ACCEPTED_VERSIONS, String.join(", ", known)));
    }
    if (!request.isSpdy()) {
      return new Upgrade.Refused(
          400, "unable to upgrade: missing upgrade headers in request", Map.of());
    }
    return Upgrade.Accepted.watched(
        SpdyConnection.create().join(session.apply(name.get())),
        flow -> switched(name.get(), flow));
  }

  private static String goList(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }

  /** The way by which Pekko HTTP itself changes to WebSocket and HTTP/2. */
  private static HttpResponse switched(
      String protocol, Flow<ByteString, ByteString, NotUsed> connection) {
    return HttpResponse.create()
        .withStatus(101)
        .addHeader(RawHeader.create("Upgrade", UpgradeRequest.SPDY))
        .addHeader(Connection.create("Upgrade"))
        .addHeader(RawHeader.create(UpgradeRequest.VERSION, protocol))
        .addHeader(
            UpgradeToOtherProtocolResponseHeader.apply(
                connection.<Object>mapMaterializedValue(_ -> NotUsed.getInstance()).asScala()));
  }
}
