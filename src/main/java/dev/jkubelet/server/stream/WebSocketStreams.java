package dev.jkubelet.server.stream;

import dev.jkubelet.server.stream.spdy.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

  /** Of a message that is read as a whole; longer ones end the session. */
  private static final int MAX_WHOLE = 1 << 20;

  BidiFlow<Message, Frame, Frame, Message, NotUsed> flow() {
    var inwards = Flow.<Message>create().flatMapConcat(this::read).prepend(Source.from(opened()));
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

  /** As it comes where that can be: a client may send messages of any length. */
  private Source<Frame, ?> read(Message message) {
    var pieces =
        codec.isReadInPieces()
            ? pieces(message)
            : pieces(message)
                .limitWeighted(MAX_WHOLE, piece -> (long) piece.size())
                .fold(ByteString.emptyByteString(), ByteString::concat);
    return pieces.statefulMapConcat(() -> new MessageReader()::read);
  }

  private static Source<ByteString, ?> pieces(Message message) {
    if (message.isStrict()) {
      return Source.single(
          message.isText()
              ? ByteString.fromString(message.asTextMessage().getStrictText())
              : message.asBinaryMessage().getStrictData());
    }
    return message.isText()
        ? message.asTextMessage().getStreamedText().map(ByteString::fromString)
        : message.asBinaryMessage().getStreamedData();
  }

  /** Reads one message: its first byte is the channel of all the others. */
  private final class MessageReader {
    private OptionalInt channel = OptionalInt.empty();

    private List<Frame> read(ByteString piece) {
      if (channel.isPresent()) {
        return said(channel.getAsInt(), piece);
      }
      if (piece.isEmpty()) {
        return List.of();
      }
      int first = codec.channel(piece.head());
      channel = OptionalInt.of(first);
      return said(first, piece.tail());
    }
  }

  private List<Frame> said(int channel, ByteString bytes) {
    if (bytes.isEmpty()) {
      return List.of();
    }
    if (closable && channel == CLOSE) {
      return ended(codec.channel(bytes.head()));
    }
    if (!isOpen(channel)) {
      return List.of();
    }
    return codec.decode(bytes).stream()
        .filter(decoded -> !decoded.isEmpty())
        .<Frame>map(decoded -> new Frame.Data(channel + 1, decoded, false))
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
