package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TargetTest {
  @Property
  void aCleanPathHasNoDotsAndNoEmptySegments(@ForAll("paths") String path) {
    var clean = Target.clean(path);
    assertThat(clean).startsWith("/").doesNotContain("//");
    assertThat(List.of(clean.split("/", -1))).doesNotContain(".", "..");
    assertThat(Target.clean(clean)).isEqualTo(clean);
  }

  @Property
  void encodingIsUndoneByDecoding(@ForAll String path) {
    var valid = path.replaceAll("[\\uD800-\\uDFFF]", "");
    assertThat(Percent.decode(Percent.encodePath(valid)).map(String::new)).hasValue(valid);
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("/", "..", ".", "a", "%2e", "")
        .list()
        .ofMaxSize(12)
        .map(parts -> "/" + String.join("", parts));
  }

  @Test
  void leavesOutWhatDoesNotParseInAQuery() {
    var query = Query.parse("a=1&b=%zz&c;d=2&e=x+y%20z&=&f&a=2");
    assertThat(query.all("a")).containsExactly("1", "2");
    assertThat(query.has("b")).isFalse();
    assertThat(query.has("c")).isFalse();
    assertThat(query.first("e")).hasValue("x y z");
    assertThat(query.first("f")).hasValue("");
  }

  @Test
  void readsTheTargetsOfProxies() {
    assertThat(Target.parse("http://node:10250/pods?x#y")).hasValue(new Target("/pods", "x"));
    assertThat(Target.parse("/a%2Fb")).hasValue(new Target("/a/b", ""));
    assertThat(Target.parse("/a%2")).isEmpty();
  }
}
