package dev.jkubelet.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Protocol Buffers on the wire; the bytes are those of the language's own description. */
class ProtoMessageTest {
  @Test
  void isWrittenAsTheLanguageSays() {
    assertThat(hex(new ProtoWriter().number(1, 150))).isEqualTo("089601");
    assertThat(hex(new ProtoWriter().string(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new ProtoWriter().message(3, new ProtoWriter().number(1, 150))))
        .isEqualTo("1a03089601");
    assertThat(hex(new ProtoWriter().map(7, Map.of("b", "2", "a", "1"))))
        .isEqualTo("3a060a01611201313a060a0162120132");
    assertThat(hex(new ProtoWriter().string(1, "").bool(2, false).number(3, 0))).isEmpty();
    assertThat(hex(new ProtoWriter().number(1, -1))).isEqualTo("08ffffffffffffffffff01");
  }

  @Test
  void readsWhatWasWrittenAndPassesOverWhatItDoesNotKnow() {
    // besides: field 9 of eight bytes, field 10 of four
    var message =
        read("089601120774657374696e67" + "490102030405060708" + "5501020304" + "1a022801");

    assertThat(message.number(1)).isEqualTo(150);
    assertThat(message.string(2)).isEqualTo("testing");
    assertThat(message.message(3).bool(5)).isTrue();
    assertThat(message.number(4)).isZero();
    assertThat(message.string(5)).isEmpty();
    assertThat(message.message(6).map(1)).isEmpty();
    assertThat(read("3a060a01611201313a060a0162120132").map(7))
        .isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(read("0a01610a0162").strings(1)).isEqualTo(List.of("a", "b"));
  }

  @Test
  void refusesWhatEndsTooSoonOrIsNoField() {
    for (var bytes :
        List.of("08", "0a05", "0affffffffffffffff7f", "09010203", "0b", "ff".repeat(11))) {
      assertThatThrownBy(() -> read(bytes)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Property
  void anyBytesAreAMessageOrRefused(@ForAll byte[] bytes) {
    try {
      assertThat(ProtoMessage.read(ByteBuffer.wrap(bytes))).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageMatching("a (message|field|number).*");
    }
  }

  private static String hex(ProtoWriter message) {
    return HexFormat.of().formatHex(message.toByteArray());
  }

  private static ProtoMessage read(String hex) {
    return ProtoMessage.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }
}
