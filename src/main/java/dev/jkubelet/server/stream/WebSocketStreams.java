package dev.jkubelet.server.stream;

import dev.jkubelet.server.stream.spdy.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A WebSocket's channels as streams, so that sessions know one kind of connection: channel n is the
 * stream n + 1, opened by itself. A WebSocket can't end a channel, but with {@code v5} the client
 * can.
 *
 * @param channels the headers of each channel's stream; none for a channel that nobody asked for
 * @param greetings what is sent first on a channel, once its stream is accepted
 * @param closable whether channel 255 tells the end of another, as v5 has it
 */
record WebSocketStreams(
    List<Optional<Map<String, String>>> channels,
    Map<Integer, ByteString> greetings,
    ChannelCodec codec,
    boolean closable) {
  private static final int CLOSE = 255;

  /** Of a message that came in pieces: the kubelet's library takes no longer ones. */
  private static final int MAX_MESSAGE = 32 << 20;

  BidiFlow<Message, Frame, Frame, Message, NotUsed> flow() {
    var inwards =
        Flow.<Message>create()
            .flatMapConcat(WebSocketStreams::whole)
            .mapConcat(this::read)
            .prepend(Source.from(opened()));
    return BidiFlow.fromFlows(inwards, Flow.<Frame>create().mapConcat(this::write));
  }

  private List<Frame> opened() {
    var opened = new ArrayList<Frame>();
    for (int channel = 0; channel < channels.size(); channel++) {
      int id = channel + 1;
      channels
          .get(channel)
          .ifPresent(headers -> opened.add(new Frame.SynStream(id, headers, false)));
    }
    return opened;
  }

  private static Source<ByteString, ?> whole(Message message) {
    if (message.isStrict()) {
      return Source.single(
          message.isText()
              ? ByteString.fromString(message.asTextMessage().getStrictText())
              : message.asBinaryMessage().getStrictData());
    }
    var pieces =
        message.isText()
            ? message.asTextMessage().getStreamedText().map(ByteString::fromString)
            : message.asBinaryMessage().getStreamedData();
    return pieces
        .limitWeighted(MAX_MESSAGE, piece -> (long) piece.size())
        .fold(ByteString.emptyByteString(), ByteString::concat);
  }

  private List<Frame> read(ByteString message) {
    if (message.isEmpty()) {
      return List.of();
    }
    int channel = codec.channel(message.head());
    var rest = message.tail();
    if (closable && channel == CLOSE) {
      return rest.isEmpty() ? List.of() : ended(codec.channel(rest.head()));
    }
    if (!isOpen(channel)) {
      return List.of();
    }
    return codec.decode(rest).stream()
        .filter(bytes -> !bytes.isEmpty())
        .<Frame>map(bytes -> new Frame.Data(channel + 1, bytes, false))
        .toList();
  }

  private List<Frame> ended(int channel) {
    return isOpen(channel)
        ? List.of(new Frame.Data(channel + 1, ByteString.emptyByteString(), true))
        : List.of();
  }

  private boolean isOpen(int channel) {
    return channel >= 0 && channel < channels.size() && channels.get(channel).isPresent();
  }

  private List<Message> write(Frame frame) {
    return switch (frame) {
      case Frame.SynReply(var id, _, _) ->
          greetings.containsKey(id - 1)
              ? List.of(codec.write(id - 1, greetings.get(id - 1)))
              : List.of();
      case Frame.Data(var id, var bytes, _) ->
          bytes.isEmpty() ? List.of() : List.of(codec.write(id - 1, bytes));
      case Frame.RstStream _,
          Frame.SynStream _,
          Frame.Headers _,
          Frame.Settings _,
          Frame.Ping _,
          Frame.GoAway _,
          Frame.WindowUpdate _ ->
          List.of();
    };
  }
}
