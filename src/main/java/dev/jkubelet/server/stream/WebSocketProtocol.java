package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.StandardStreams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * A protocol of WebSocket clients.
 *
 * @param closable whether the client can end a channel
 */
record WebSocketProtocol(ChannelCodec codec, CommandProtocol words, boolean closable) {
  /** By name; the empty one is that of clients that don't ask for any. */
  static final Map<String, WebSocketProtocol> COMMANDS = commands();

  static final Map<String, WebSocketProtocol> PORT_FORWARDS = portForwards();

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
    for (var name :
        List.of("", "v4.channel.k8s.io", "v5.channel.k8s.io", PortForward.PROTOCOL_NAME)) {
      protocols.put(name, COMMANDS.getOrDefault(name, COMMANDS.get("")));
    }
    protocols.put("v4.base64.channel.k8s.io", COMMANDS.get("v4.base64.channel.k8s.io"));
    return protocols;
  }

  /** The channels of a command; the first that is there for output is greeted with nothing. */
  WebSocketStreams command(StandardStreams wanted) {
    var streams = words.streams(wanted);
    var channels =
        List.of(
                CommandProtocol.STDIN,
                CommandProtocol.STDOUT,
                CommandProtocol.STDERR,
                CommandProtocol.ERROR,
                CommandProtocol.RESIZE)
            .stream()
            .map(type -> Optional.of(type).filter(streams::contains).map(WebSocketProtocol::typed))
            .toList();
    int greeted = wanted.stdout() ? 1 : wanted.stderr() ? 2 : 3;
    var greetings = Map.of(greeted, ByteString.emptyByteString());
    return new WebSocketStreams(channels, greetings, codec, closable);
  }

  private static Map<String, String> typed(String type) {
    return Map.of("streamtype", type);
  }

  /** Two channels per port, data and error; each begins with the port, its low byte first. */
  WebSocketStreams portForward(List<Integer> ports) {
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
    return new WebSocketStreams(channels, greetings, codec, closable);
  }
}
