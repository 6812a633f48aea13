package dev.jkubelet.server.stream;

import java.util.Base64;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.util.ByteString;

/** How a message names its channel: by a first byte, or in base64 by a first digit. */
enum ChannelCodec {
  BINARY {
    @Override
    boolean isReadInPieces() {
      return true;
    }

    @Override
    Message write(int channel, ByteString bytes) {
      return BinaryMessage.create(
          ByteString.fromArrayUnsafe(new byte[] {(byte) channel}).concat(bytes));
    }

    @Override
    int channel(byte first) {
      return Byte.toUnsignedInt(first);
    }

    @Override
    Optional<ByteString> decode(ByteString rest) {
      return Optional.of(rest);
    }
  },
  BASE64 {
    @Override
    boolean isReadInPieces() {
      return false;
    }

    @Override
    Message write(int channel, ByteString bytes) {
      return TextMessage.create(
          (char) ('0' + channel) + Base64.getEncoder().encodeToString(bytes.toArray()));
    }

    @Override
    int channel(byte first) {
      return Byte.toUnsignedInt(first) - '0';
    }

    @Override
    Optional<ByteString> decode(ByteString rest) {
      try {
        return Optional.of(ByteString.fromArrayUnsafe(Base64.getDecoder().decode(rest.toArray())));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  };

  /** Whether a part of a message says something without the others. */
  abstract boolean isReadInPieces();

  abstract Message write(int channel, ByteString bytes);

  abstract int channel(byte first);

  /** Empty when it can't be decoded: such a message is ignored. */
  abstract Optional<ByteString> decode(ByteString rest);
}
