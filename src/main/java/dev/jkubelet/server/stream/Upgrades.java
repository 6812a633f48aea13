package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.StandardStreams;
import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.SpdyConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Turns requests into sessions, by SPDY or WebSocket, with the kubelet's refusals. */
public final class Upgrades {
  private static final String PORT_FORWARD_V1 = "portforward.k8s.io";

  /** A protocol of WebSocket clients; the empty name is that of clients that don't ask for one. */
  private record WebSocketProtocol(ChannelCodec codec, CommandProtocol words, boolean closable) {}

  private static final Map<String, WebSocketProtocol> COMMANDS = commands();
  private static final Map<String, WebSocketProtocol> PORT_FORWARDS = portForwards();

  private static Map<String, WebSocketProtocol> commands() {
    var binary = ChannelCodec.BINARY;
    var base64 = ChannelCodec.BASE64;
    var protocols = new LinkedHashMap<String, WebSocketProtocol>();
    protocols.put("", new WebSocketProtocol(binary, CommandProtocol.V3, false));
    protocols.put("channel.k8s.io", new WebSocketProtocol(binary, CommandProtocol.V3, false));
    protocols.put(
        "base64.channel.k8s.io", new WebSocketProtocol(base64, CommandProtocol.V3, false));
    protocols.put("v4.channel.k8s.io", new WebSocketProtocol(binary, CommandProtocol.V4, false));
    protocols.put(
        "v4.base64.channel.k8s.io", new WebSocketProtocol(base64, CommandProtocol.V4, false));
    protocols.put("v5.channel.k8s.io", new WebSocketProtocol(binary, CommandProtocol.V4, true));
    return protocols;
  }

  private static Map<String, WebSocketProtocol> portForwards() {
    var protocols = new LinkedHashMap<String, WebSocketProtocol>();
    for (var name : List.of("", "v4.channel.k8s.io", "v5.channel.k8s.io", PORT_FORWARD_V1)) {
      protocols.put(name, COMMANDS.getOrDefault(name, COMMANDS.get("")));
    }
    protocols.put("v4.base64.channel.k8s.io", COMMANDS.get("v4.base64.channel.k8s.io"));
    return protocols;
  }

  private final Duration creationLimit;
  private final Duration idle;

  /**
   * @param creationLimit how long a client has to open its streams; 30 seconds in the kubelet
   * @param idle after which a session ends in which nothing moves; zero for never
   */
  public Upgrades(Duration creationLimit, Duration idle) {
    this.creationLimit = creationLimit;
    this.idle = idle;
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
      return webSocket(
          request, COMMANDS, protocol -> commandSocket(protocol, wanted, start, failure));
    }
    return spdy(
        upgrade,
        CommandProtocol.names(),
        name ->
            session(
                CommandProtocol.named(name).orElseThrow(),
                CommandProtocol.named(name).orElseThrow().streams(wanted),
                start,
                failure));
  }

  private Flow<Frame, Frame, NotUsed> session(
      CommandProtocol protocol,
      Set<String> streams,
      Supplier<CompletionStage<ProcessStreams>> start,
      String failure) {
    return limited(
        CommandStreams.create(protocol, streams, creationLimit)
            .join(RemoteCommand.flow(start, failure)));
  }

  /** Ends a session, as if both sides had left, after nothing has moved for too long. */
  private Flow<Frame, Frame, NotUsed> limited(Flow<Frame, Frame, NotUsed> session) {
    if (idle.isZero()) {
      return session;
    }
    var end = Flow.<Frame>create().onErrorComplete(TimeoutException.class);
    return BidiFlow.<Frame, Frame>bidirectionalIdleTimeout(idle).join(end.via(session)).via(end);
  }

  private Flow<Message, Message, NotUsed> commandSocket(
      WebSocketProtocol protocol,
      StandardStreams wanted,
      Supplier<CompletionStage<ProcessStreams>> start,
      String failure) {
    var streams = protocol.words().streams(wanted);
    var channels =
        List.of(
                CommandProtocol.STDIN,
                CommandProtocol.STDOUT,
                CommandProtocol.STDERR,
                CommandProtocol.ERROR,
                CommandProtocol.RESIZE)
            .stream()
            .map(type -> Optional.of(type).filter(streams::contains).map(Upgrades::typed))
            .toList();
    int greeted = wanted.stdout() ? 1 : wanted.stderr() ? 2 : 3;
    var greetings = Map.of(greeted, ByteString.emptyByteString());
    return new WebSocketStreams(channels, greetings, protocol.codec(), protocol.closable())
        .flow()
        .join(session(protocol.words(), streams, start, failure));
  }

  private static Map<String, String> typed(String type) {
    return Map.of("streamtype", type);
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
    Supplier<Flow<Frame, Frame, NotUsed>> session =
        () -> limited(Flow.fromGraph(new PortForward(connect, sandboxId, creationLimit)));
    if (upgrade.isTunnel()) {
      return tunnel(request, session.get());
    }
    if (upgrade.isWebSocket()) {
      return webSocket(
          request, PORT_FORWARDS, protocol -> portSocket(protocol, ports).join(session.get()));
    }
    return spdy(upgrade, List.of(PORT_FORWARD_V1), _ -> session.get());
  }

  /** Two channels per port, data and error; each begins with the port, its low byte first. */
  private static BidiFlow<Message, Frame, Frame, Message, NotUsed> portSocket(
      WebSocketProtocol protocol, List<Integer> ports) {
    var channels = new ArrayList<Optional<Map<String, String>>>();
    var greetings = new HashMap<Integer, ByteString>();
    for (int port : ports) {
      var number =
          ByteBuffer.allocate(Short.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putShort((short) port)
              .array();
      var requestId = String.valueOf(channels.size());
      for (var type : List.of("data", "error")) {
        greetings.put(channels.size(), ByteString.fromArrayUnsafe(number));
        channels.add(
            Optional.of(
                Map.of("streamtype", type, "port", String.valueOf(port), "requestid", requestId)));
      }
    }
    return new WebSocketStreams(channels, greetings, protocol.codec(), protocol.closable()).flow();
  }

  private static Upgrade webSocket(
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
      return accepted(session.apply(known.get("")), flow -> upgrade.get().handleMessagesWith(flow));
    }
    return wanted.stream()
        .filter(known::containsKey)
        .findFirst()
        .<Upgrade>map(
            name ->
                accepted(
                    session.apply(known.get(name)),
                    flow -> upgrade.get().handleMessagesWith(flow, name)))
        .orElseGet(() -> new Upgrade.Refused(403, "", Map.of()));
  }

  /** Pekko would name no protocol that is not a token, so the answer's header is our own. */
  private static Upgrade tunnel(HttpRequest request, Flow<Frame, Frame, NotUsed> session) {
    var connection = Tunnel.create().atop(SpdyConnection.create()).join(session);
    return request
        .getAttribute(AttributeKeys.webSocketUpgrade)
        .map(
            upgrade ->
                accepted(
                    connection,
                    flow ->
                        upgrade
                            .handleMessagesWith(flow)
                            .addHeader(
                                RawHeader.create("Sec-WebSocket-Protocol", UpgradeRequest.TUNNEL))))
        .orElseGet(() -> new Upgrade.Refused(400, "", Map.of()));
  }

  private static Upgrade spdy(
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
    return accepted(
        SpdyConnection.create().join(session.apply(name.get())),
        flow -> switched(name.get(), flow));
  }

  private static <T> Upgrade accepted(
      Flow<T, T, NotUsed> session, Function<Flow<T, T, NotUsed>, HttpResponse> answer) {
    var ended = new CompletableFuture<Done>();
    var watched =
        session.watchTermination(
            (unused, done) -> {
              done.whenComplete((_, _) -> ended.complete(Done.getInstance()));
              return unused;
            });
    return new Upgrade.Accepted(answer.apply(watched), ended);
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
