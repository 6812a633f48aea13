package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The syntax of pflag. */
class FlagsTest {
  private static Object value(String key, String... args) {
    return Given.configuration(args).value(key);
  }

  @Test
  void takesAValueAfterASpaceOrAnEqualsSign() {
    assertThat(value("maxPods", "--max-pods", "7")).isEqualTo(7L);
    assertThat(value("maxPods", "--max-pods=7")).isEqualTo(7L);
    assertThat(value("clusterDomain", "--cluster-domain", "--v")).isEqualTo("--v");
    assertThat(value("clusterDomain", "--cluster-domain=a=b")).isEqualTo("a=b");
    assertThat(value("clusterDomain", "--cluster-domain=")).isEqualTo("");
    assertThat(value("clusterDomain", "--cluster-domain", "")).isEqualTo("");
  }

  @Test
  void takesASwitchWithoutAValue() {
    assertThat(value("failSwapOn", "--fail-swap-on=false", "--fail-swap-on")).isEqualTo(true);
    assertThat(value("maxPods", "--fail-swap-on", "--max-pods=3")).isEqualTo(3L);
  }

  @ParameterizedTest
  @CsvSource({"1,true", "t,true", "TRUE,true", "True,true", "0,false", "F,false", "False,false"})
  void readsTheWordsOfASwitchAsGoDoes(String text, boolean value) {
    assertThat(value("enableServer", "--enable-server=" + text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "on", "tRUE", "", " true", "2"})
  void refusesOtherWords(String text) {
    assertRefused(
        "--enable-server: expected true or false, got \"" + text + "\"", "--enable-server=" + text);
  }

  @ParameterizedTest
  @CsvSource({
    "10250,10250",
    "+8,8",
    "0x1F,31",
    "0b11,3",
    "0o17,15",
    "017,15",
    "1_0,10",
    "0x_f,15",
    "-0,0"
  })
  void readsWholeNumbersAsGoDoes(String text, long value) {
    assertThat(value("readOnlyPort", "--read-only-port=" + text)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08", "1e3", "1.0", "", " 1", "_1", "1_", "1__0", "0x", "ten", "1\n"})
  void refusesOtherNumbers(String text) {
    assertThatThrownBy(() -> Given.configuration("--v=" + text))
        .isInstanceOf(StartFailure.class)
        .hasMessageStartingWith("--v: expected a whole number, got ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v4", "-v=4", "--v=4"})
  void takesVerbosityInOneArgument(String arg) {
    assertThat(value("--v", arg)).isEqualTo(4L);
  }

  @Test
  void takesVerbosityInTwoArguments() {
    assertThat(value("--v", "-v", "4")).isEqualTo(4L);
    assertThat(value("--v", "--v", "4")).isEqualTo(4L);
  }

  @Test
  void takesUnderscoresForDashes() {
    assertThat(value("maxPods", "--max_pods=7")).isEqualTo(7L);
    assertThat(value("--docker-root", "--docker_root=/d")).isEqualTo("/d");
  }

  @Test
  void keepsTheLastOfRepeatedValues() {
    assertThat(value("maxPods", "--max-pods=7", "--max-pods=8")).isEqualTo(8L);
    assertThat(value("--node-ip", "--node-ip=10.0.0.1", "--node-ip=10.0.0.2"))
        .isEqualTo(List.of("10.0.0.2"));
  }

  @Test
  void addsRepeatedListsAndMapsUp() {
    assertThat(value("clusterDNS", "--cluster-dns=10.0.0.1", "--cluster-dns=10.0.0.2,10.0.0.3"))
        .isEqualTo(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3"));
    assertThat(value("featureGates", "--feature-gates=A=true,B=true", "--feature-gates=A=false"))
        .isEqualTo(Map.of("A", false, "B", true));
    assertThat(
            value("staticPodURLHeader", "--manifest-url-header=A:b", "--manifest-url-header=A:c:d"))
        .isEqualTo(Map.of("A", List.of("b", "c:d")));
    assertThat(value("evictionHard", "--eviction-hard=a<1", "--eviction-hard=b<2%"))
        .isEqualTo(Map.of("a", "1", "b", "2%"));
  }

  @Test
  void replacesTheDefaultOfAListByWhatIsGiven() {
    assertThat(value("enforceNodeAllocatable", "--enforce-node-allocatable=")).isEqualTo(List.of());
  }

  @Test
  void takesTwoDashesForTheEnd() {
    assertThat(value("maxPods", "--max-pods=7", "--")).isEqualTo(7L);
    assertRefused("unknown command \"--v=4\": expected flags only", "--", "--v=4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--hostname-overide|unknown flag --hostname-overide: did you mean --hostname-override?",
        "--prot=1|unknown flag --prot: did you mean --port?",
        "--static-pod-path=/p|unknown flag --static-pod-path: did you mean --pod-manifest-path?",
        "--clientCAFile=/p|unknown flag --clientCAFile: did you mean --client-ca-file?",
        "--Max-Pods=1|unknown flag --Max-Pods: did you mean --max-pods?",
        "--frobnicate|unknown flag --frobnicate: expected one of those that --help lists",
        "--=x|bad flag \"--=x\": expected --flag or --flag=value",
        "---port=1|bad flag \"---port=1\": expected --flag or --flag=value",
        "-port=1|unknown flag -p in \"-port=1\": expected --flag with two dashes, or -v or -h",
        "-|unknown command \"-\": expected flags only",
        "run|unknown command \"run\": expected flags only",
        "--port|--port: expected a whole number, 1 to 65535 after it, found nothing",
        "-v|--v: expected a whole number after it, found nothing",
      })
  void saysWhatIsWrong(String arg, String message) {
    assertRefused(message, arg);
  }

  @Test
  void tellsWhereASwitchTakesItsValue() {
    assertRefused(
        "--anonymous-auth: expected true or false after an equals sign, as in --anonymous-auth=false",
        "--anonymous-auth",
        "false");
    assertRefused("unknown command \"no\": expected flags only", "--anonymous-auth", "no");
    assertRefused("unknown command \"0\": expected flags only", "--anonymous-auth", "-v4", "0");
  }

  private static void assertRefused(String message, String... args) {
    assertThatThrownBy(() -> Given.configuration(args))
        .isInstanceOf(StartFailure.class)
        .hasMessage(message);
  }

  /** Whatever is given: the command answers with one line, and with nothing else. */
  @Property(tries = 300)
  void answersAnyArgumentsInOneLine(@ForAll @Size(max = 3) List<String> texts) {
    var args =
        Stream.concat(
            texts.stream().map(text -> text.length() % 2 == 0 ? "--port=" + text : "--" + text),
            Stream.of("--nothing"));
    var ran = Ran.with(args.toArray(String[]::new));
    assertThat(ran.exit()).isEqualTo(1);
    assertThat(ran.err()).startsWith("jkubelet: ").endsWith("\n");
    assertThat(ran.err().chars().filter(Character::isISOControl).count()).isEqualTo(1);
  }
}
