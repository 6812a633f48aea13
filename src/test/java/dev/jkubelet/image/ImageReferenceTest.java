package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
  private static final String SHA = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "busybox, docker.io, library/busybox, , busybox:latest",
    "busybox:1.36, docker.io, library/busybox, 1.36, busybox:1.36",
    "me/app, docker.io, me/app, , me/app:latest",
    "index.docker.io/busybox, docker.io, library/busybox, , index.docker.io/busybox:latest",
    "k8s.gcr.io/pause:3.2, k8s.gcr.io, pause, 3.2, k8s.gcr.io/pause:3.2",
    "localhost/x, localhost, x, , localhost/x:latest",
    "reg:5000/a/b__c.d-e--f, reg:5000, a/b__c.d-e--f, , reg:5000/a/b__c.d-e--f:latest",
    "Reg.Example/x:Tag_1.-, Reg.Example, x, Tag_1.-, Reg.Example/x:Tag_1.-",
    "foo_bar.com/x, '', foo_bar.com/x, , foo_bar.com/x:latest",
  })
  void takesNamesApart(String text, String domain, String path, String tag, String withTag) {
    var reference = ImageReference.parse(text);

    assertThat(reference.domain()).isEqualTo(domain);
    assertThat(reference.path()).isEqualTo(path);
    assertThat(reference.tag()).isEqualTo(Optional.ofNullable(tag));
    assertThat(reference.withDefaultTag()).isEqualTo(withTag);
  }

  @Test
  void leavesADigestAlone() {
    var reference = ImageReference.parse("a/b:1@sha256:" + SHA);

    assertThat(reference.digest()).contains("sha256:" + SHA);
    assertThat(reference.tag()).contains("1");
    assertThat(reference.withDefaultTag()).isEqualTo("a/b:1@sha256:" + SHA);
    assertThat(ImageReference.parse("a/b@sha256:" + SHA).withDefaultTag())
        .isEqualTo("a/b@sha256:" + SHA);
    assertThat(ImageReference.parse("sha256:" + SHA).withDefaultTag()).isEqualTo("sha256:" + SHA);
  }

  @ParameterizedTest
  @CsvSource({
    "'', invalid reference format",
    "' ', invalid reference format",
    "'busybox ', invalid reference format",
    "busybox:, invalid reference format",
    "busybox:-1, invalid reference format",
    "a//b, invalid reference format",
    "a/b/, invalid reference format",
    "-a, invalid reference format",
    "a___b, invalid reference format",
    "a..b, invalid reference format",
    "a@sha256:12, invalid reference format",
    "http://x/y, invalid reference format",
    "Busybox, invalid reference format: repository name must be lowercase",
    "reg.example/Repo:x, invalid reference format: repository name must be lowercase",
    "a@md5:0123456789abcdef0123456789abcdef, unsupported digest algorithm",
    "a@sha256:0123456789abcdef0123456789abcdef, invalid checksum digest length",
  })
  void refusesWhatIsNoName(String text, String message) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void refusesBareIdentifiersAndNamesThatAreTooLong() {
    assertThatThrownBy(() -> ImageReference.parse(SHA))
        .hasMessage(
            "invalid repository name (" + SHA + "), cannot specify 64-byte hexadecimal strings");
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(256)))
        .hasMessage("repository name must not be more than 255 characters");
    assertThatThrownBy(() -> ImageReference.parse("a/".repeat(1_000_000)))
        .hasMessage("invalid reference format");
    assertThatThrownBy(() -> ImageReference.parse("a@sha256:" + SHA.replace('a', 'A')))
        .hasMessage("invalid checksum digest format");
  }

  @Property
  void readsWhatItsGrammarWrites(
      @ForAll("domains") String domain,
      @ForAll("paths") String path,
      @ForAll("tags") Optional<String> tag,
      @ForAll boolean digest) {
    var text =
        domain + "/" + path + tag.map(t -> ":" + t).orElse("") + (digest ? "@sha256:" + SHA : "");

    var reference = ImageReference.parse(text);

    assertThat(reference.domain()).isEqualTo(domain);
    assertThat(reference.path()).isEqualTo(path);
    assertThat(reference.tag()).isEqualTo(tag);
    assertThat(reference.digest().isPresent()).isEqualTo(digest);
  }

  @Property
  void addsTheDefaultTagOnlyOnce(@ForAll("paths") String path) {
    var once = ImageReference.parse(path).withDefaultTag();

    assertThat(once).isEqualTo(path + ":latest");
    assertThat(ImageReference.parse(once).withDefaultTag()).isEqualTo(once);
    assertThat(ImageReference.parse(once).canonical())
        .isEqualTo(ImageReference.parse(path).canonical());
  }

  /** Whatever the text, an answer comes, soon, and a refusal is one of the parser's own. */
  @Property
  void answersAnyText(@ForAll @StringLength(max = 2000) String text) {
    try {
      assertThat(ImageReference.parse(text).text()).isEqualTo(text);
    } catch (IllegalArgumentException refusal) {
      assertThat(refusal).hasMessageMatching("(?s).*(reference|repository|digest).*");
    }
  }

  @Property(tries = 50)
  void isNotSlowOnNearMisses(@ForAll("nearMisses") String text) {
    assertThatThrownBy(() -> ImageReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<String> domains() {
    return Arbitraries.of(
        "localhost", "reg.example", "Reg-1.EXAMPLE:5000", "10.0.0.1:80", "a.b.c.d", "x:1");
  }

  @Provide
  Arbitrary<String> paths() {
    var word =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('0', '9')
            .ofMinLength(1)
            .ofMaxLength(8);
    var separator = Arbitraries.of(".", "_", "__", "-", "---");
    var part = Combinators.combine(word, separator, word).as((a, s, b) -> a + s + b);
    return part.list().ofMinSize(2).ofMaxSize(4).map(parts -> "p/" + String.join("/", parts));
  }

  @Provide
  Arbitrary<Optional<String>> tags() {
    var tag = Arbitraries.strings().alpha().numeric().withChars("_").ofMinLength(1).ofMaxLength(1);
    var rest = Arbitraries.strings().alpha().numeric().withChars("_.-").ofMaxLength(127);
    return Combinators.combine(tag, rest).as((a, b) -> a + b).optional();
  }

  @Provide
  Arbitrary<String> nearMisses() {
    return Arbitraries.of("a", "a-", "a.", "a_", "a/", "a:", "A.", "a@")
        .map(part -> part.repeat(400) + "!");
  }
}
