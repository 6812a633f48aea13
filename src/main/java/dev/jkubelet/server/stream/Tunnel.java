package dev.jkubelet.server.stream;

import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A connection inside a WebSocket: its bytes are those of the binary messages, cut anywhere. */
final class Tunnel {
  private Tunnel() {}

  static BidiFlow<Message, ByteString, ByteString, Message, NotUsed> create() {
    return BidiFlow.fromFlows(
        Flow.<Message>create().flatMapConcat(Tunnel::bytes),
        Flow.<ByteString>create().map(BinaryMessage::create));
  }

  private static Source<ByteString, ?> bytes(Message message) {
    if (message.isText()) {
      return Source.failed(new IllegalArgumentException("a text message in a tunnel"));
    }
    var binary = message.asBinaryMessage();
    return binary.isStrict() ? Source.single(binary.getStrictData()) : binary.getStreamedData();
  }
}
