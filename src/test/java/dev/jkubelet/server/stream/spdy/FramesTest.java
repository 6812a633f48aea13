package dev.jkubelet.server.stream.spdy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.Adler32;
import java.util.zip.Deflater;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  @Test
  void theDictionaryIsTheOneOfTheSpecification() {
    var sum = new Adler32();
    sum.update(HeaderDictionary.bytes());

    assertThat(sum.getValue()).isEqualTo(0xe3c6a7c2L);
  }

  @Test
  void readsWhatItWrote() throws MalformedFrame {
    var frames =
        List.of(
            new Frame.SynStream(1, Map.of("streamtype", "error"), false),
            new Frame.SynStream(3, Map.of("streamtype", "stdin", "port", "80"), true),
            new Frame.SynReply(1, Map.of(), false),
            new Frame.Headers(1, Map.of("more", "ä"), true),
            new Frame.RstStream(3, ResetStatus.CANCEL.code()),
            new Frame.Settings(OptionalInt.of(0)),
            new Frame.Settings(OptionalInt.empty()),
            new Frame.Ping(-2),
            new Frame.WindowUpdate(1, 65536),
            new Frame.Data(1, ByteString.fromString("hello"), false),
            new Frame.Data(1, ByteString.emptyByteString(), true),
            new Frame.GoAway(3, GoAwayStatus.OK.code()));

    assertThat(read(written(frames))).isEqualTo(frames);
  }

  /** Or Go's library reads on behind the frame, and fails at its end. */
  @Test
  void headersEndWithAFlush() {
    var reply = written(List.of(new Frame.SynReply(1, Map.of(), false)));

    assertThat(reply.takeRight(4)).isEqualTo(hex("0000ffff"));
  }

  private static ByteString written(List<? extends Frame> frames) {
    var writer = new FrameWriter();
    var all = ByteString.emptyByteString();
    for (var frame : frames) {
      all = all.concat(writer.write(frame));
    }
    return all;
  }

  private static List<Frame> read(ByteString bytes) throws MalformedFrame {
    try (var reader = new FrameReader()) {
      reader.feed(bytes);
      var frames = new ArrayList<Frame>();
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        frames.add(next.get());
      }
      return frames;
    }
  }

  @Test
  void framesOfUnknownTypesAreSkipped() throws MalformedFrame {
    var unknown = hex("8003000a00000003aabbcc");
    var ping = new Frame.Ping(7);

    assertThat(read(unknown.concat(written(List.of(ping))))).containsExactly(ping);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000001ff", // data of stream 0
        "8002000600000004", // SPDY/2
        "8003000600000003000000", // a PING of 3 bytes
        "8003000900000008000000010000000000", // a window update of nothing
        "80030001000000040000", // a cut SYN_STREAM with an honest length
        "8003000100000004000000010000",
        "80030001ffffffff", // a control frame of 16 MiB
        "800300040000000400000001", // one setting in no bytes
        "8003000400000004ffffffff",
        "800300010000000e00000001000000000000deadbeef", // headers that are no zlib
        "800300010000000a00000001000000000000" // no headers at all
      })
  void refusesWhatIsNoFrame(String frame) {
    assertThatThrownBy(() -> read(hex(frame).concat(hex("00".repeat(16)))))
        .isInstanceOf(MalformedFrame.class);
  }

  @Test
  void refusesHeadersThatAreABomb() {
    var packer = new Deflater();
    packer.setDictionary(HeaderDictionary.bytes());
    packer.setInput(new byte[1 << 20]);
    var block = new byte[16 << 10];
    int length = packer.deflate(block, 0, block.length, Deflater.SYNC_FLUSH);
    packer.end();
    var head = ByteBuffer.allocate(18).putInt(0x8003_0001).putInt(10 + length).putInt(1).flip();
    var bomb = ByteString.fromByteBuffer(head.limit(18)).concat(ByteString.fromArray(block));

    assertThatThrownBy(() -> read(bomb)).hasMessageContaining("more than 65536");
  }

  @Test
  void refusesNamesInUpperCase() {
    var shouting = new Frame.SynStream(1, Map.of("StreamType", "error"), false);

    assertThatThrownBy(() -> read(written(List.of(shouting))))
        .isInstanceOf(MalformedFrame.class)
        .hasMessageContaining("lower case");
  }

  private static ByteString hex(String hex) {
    return ByteString.fromArray(HexFormat.of().parseHex(hex));
  }
}
