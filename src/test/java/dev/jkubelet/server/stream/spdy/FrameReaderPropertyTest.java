package dev.jkubelet.server.stream.spdy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.pekko.util.ByteString;

class FrameReaderPropertyTest {
  @Property(tries = 500)
  void anyCutOfTheBytesGivesTheSameFrames(
      @ForAll("frames") List<Frame> frames,
      @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 1, max = 40) Integer> cuts)
      throws MalformedFrame {
    var writer = new FrameWriter();
    try (var reader = new FrameReader()) {
      var bytes = ByteString.emptyByteString();
      for (var frame : frames) {
        bytes = bytes.concat(writer.write(frame));
      }
      var read = new ArrayList<Frame>();
      for (int i = 0; !bytes.isEmpty(); i++) {
        reader.feed(bytes.take(cuts.get(i % cuts.size())));
        bytes = bytes.drop(cuts.get(i % cuts.size()));
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
          read.add(next.get());
        }
      }
      assertThat(joined(read)).isEqualTo(joined(frames));
    }
  }

  /** Any bytes are read, or refused; nothing else, and never more frames than bytes. */
  @Property(tries = 5000)
  void anyBytesAreFramesOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
    try (var reader = new FrameReader()) {
      reader.feed(ByteString.fromArray(bytes));
      int frames = 0;
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        frames++;
      }
      assertThat(frames).isLessThanOrEqualTo(bytes.length);
    } catch (MalformedFrame refused) {
      assertThat(refused).hasMessageNotContaining("null");
    }
  }

  /** As above, but every try gets past the frame's head. */
  @Property(tries = 5000)
  void anyControlFramesAreReadOrRefused(
      @ForAll @IntRange(max = 10) int type, @ForAll @Size(max = 60) byte[] body) {
    var frame = new byte[8 + body.length];
    frame[0] = (byte) 0x80;
    frame[1] = 3;
    frame[3] = (byte) type;
    frame[7] = (byte) body.length;
    System.arraycopy(body, 0, frame, 8, body.length);
    anyBytesAreFramesOrRefused(frame);
  }

  /** One byte of a good connection is another. */
  @Property(tries = 2000)
  void damagedFramesAreReadOrRefused(
      @ForAll("frames") List<Frame> frames, @ForAll int where, @ForAll byte what) {
    var writer = new FrameWriter();
    var bytes = ByteString.emptyByteString();
    for (var frame : frames) {
      bytes = bytes.concat(writer.write(frame));
    }
    var damaged = bytes.toArray();
    if (damaged.length > 0) {
      damaged[Math.floorMod(where, damaged.length)] = what;
    }
    anyBytesAreFramesOrRefused(damaged);
  }

  /** Data of one stream that follows on itself is the same however it is cut. */
  private static List<Frame> joined(List<Frame> frames) {
    var joined = new ArrayList<Frame>();
    for (var frame : frames) {
      if (frame instanceof Frame.Data(var id, var bytes, var ended)
          && !joined.isEmpty()
          && joined.getLast() instanceof Frame.Data(var last, var before, var over)
          && last == id
          && !over) {
        joined.set(joined.size() - 1, new Frame.Data(id, before.concat(bytes), ended));
      } else {
        joined.add(frame);
      }
    }
    return joined;
  }

  @Provide
  Arbitrary<List<Frame>> frames() {
    var ids = Arbitraries.integers().between(1, 9);
    var flags = Arbitraries.of(true, false);
    var numbers = Arbitraries.integers().between(1, Integer.MAX_VALUE);
    Arbitrary<Map<String, String>> headers =
        Arbitraries.maps(
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8),
                Arbitraries.strings().ascii().ofMaxLength(20))
            .ofMaxSize(4);
    var data = Arbitraries.strings().ascii().ofMaxLength(100).map(ByteString::fromString);
    return Arbitraries.<Frame>oneOf(
            Combinators.combine(ids, headers, flags).as(Frame.SynStream::new),
            Combinators.combine(ids, headers, flags).as(Frame.SynReply::new),
            Combinators.combine(ids, headers, flags).as(Frame.Headers::new),
            Combinators.combine(ids, numbers).as(Frame.RstStream::new),
            Combinators.combine(ids, numbers).as(Frame.GoAway::new),
            Combinators.combine(ids, numbers).as(Frame.WindowUpdate::new),
            Combinators.combine(ids, data, flags).as(Frame.Data::new),
            numbers.map(Frame.Ping::new),
            numbers.map(number -> new Frame.Settings(OptionalInt.of(number))))
        .list()
        .ofMaxSize(20);
  }
}
