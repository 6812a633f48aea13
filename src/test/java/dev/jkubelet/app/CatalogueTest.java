package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables against what the reference kubelet says of itself. */
class CatalogueTest {
  private static final Set<String> OUR_OWN =
      Set.of("read-only-bind-address", "cadvisor-bind-address", "cadvisor-port");

  private static final Set<String> LATER = Set.of("maxParallelImagePulls");

  private record Known(String name, String type, String initial) {}

  private static List<Known> recorded(String resource) throws IOException, URISyntaxException {
    var file = Path.of(CatalogueTest.class.getResource(resource).toURI());
    return Files.readAllLines(file).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" ", -1))
        .map(cell -> new Known(cell[0], cell[1], cell.length == 3 ? cell[2] : "-"))
        .toList();
  }

  private static Stream<Setting> flags() {
    return Given.CATALOGUE.settings().stream().filter(setting -> !setting.flag().isEmpty());
  }

  private static Setting flag(Known known) {
    return Given.CATALOGUE.flag(known.name()).orElseThrow();
  }

  @Test
  void knowsEveryFlagOfTheKubeletAndThreeOfItsOwn() throws IOException, URISyntaxException {
    assertThat(flags().map(Setting::flag))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    recorded("kubelet-1.20-flags.txt").stream().map(Known::name), OUR_OWN.stream())
                .toList());
  }

  @Test
  void knowsEveryFieldInTheOrderOfGoWithItsPointers() throws IOException, URISyntaxException {
    var fields = recorded("kubelet-1.20-fields.txt");
    var ours =
        Given.CATALOGUE.settings().stream()
            .filter(setting -> !setting.field().isEmpty() && !LATER.contains(setting.field()))
            .toList();
    assertThat(ours.stream().map(Setting::field)).isEqualTo(names(fields));
    assertThat(ours.stream().map(Setting::pointer))
        .isEqualTo(fields.stream().map(field -> field.type().startsWith("*")).toList());
    assertThat(ours).hasSize(100);
  }

  private static List<String> names(List<Known> all) {
    return all.stream().map(Known::name).toList();
  }

  @Test
  void readsFieldsByTheirTypesInGo() throws IOException, URISyntaxException {
    for (var field : recorded("kubelet-1.20-fields.txt")) {
      var type = Given.CATALOGUE.get(field.name()).type();
      var expected =
          switch (field.type().replaceFirst("^\\*", "")) {
            case "bool" -> Set.of(ValueType.BOOL);
            case "int32" -> Set.of(ValueType.INT32);
            case "int64" -> Set.of(ValueType.INT64);
            case "metav1.Duration" -> Set.of(ValueType.DURATION);
            case "[]string" -> Set.of(ValueType.STRINGS, ValueType.IPS);
            case "map[string]string" -> Set.of(ValueType.PAIRS, ValueType.THRESHOLDS);
            case "map[string]bool" -> Set.of(ValueType.SWITCHES);
            case "map[string][]string" -> Set.of(ValueType.HEADERS);
            case String _ ->
                Set.of(ValueType.STRING, ValueType.PATH, ValueType.IP, ValueType.QUANTITY);
          };
      assertThat(expected).as(field.name()).contains(type);
    }
  }

  @Test
  void readsFlagsByTheirTypesInPflag() throws IOException, URISyntaxException {
    for (var flag : recorded("kubelet-1.20-flags.txt")) {
      var expected =
          switch (flag.type()) {
            case "bool" -> Set.of(ValueType.BOOL);
            case "version[=true]" -> Set.of(ValueType.VERSION);
            case "int", "int32", "Level" -> Set.of(ValueType.INT32, ValueType.INT64);
            case "uint" -> Set.of(ValueType.UINT64);
            case "float" -> Set.of(ValueType.FLOAT64);
            case "duration" -> Set.of(ValueType.DURATION);
            case "ip" -> Set.of(ValueType.IP);
            case "strings" -> Set.of(ValueType.STRINGS, ValueType.IPS);
            case "mapStringString" ->
                Set.of(ValueType.PAIRS, ValueType.THRESHOLDS, ValueType.STRING);
            case "mapStringBool" -> Set.of(ValueType.SWITCHES);
            case "colonSeparatedMultimapStringString" -> Set.of(ValueType.HEADERS);
            case String _ ->
                Set.of(ValueType.STRING, ValueType.PATH, ValueType.QUANTITY, ValueType.IP_PAIR);
          };
      assertThat(expected).as(flag.name()).contains(flag(flag).type());
    }
  }

  /** Those of a command line without a file; the exceptions are meant. */
  @Test
  void hasTheKubeletsDefaultsButForTwo() throws IOException, URISyntaxException {
    var defaults = Given.configuration();
    var other = new TreeMap<String, Object>();
    for (var flag : recorded("kubelet-1.20-flags.txt")) {
      var setting = flag(flag);
      var theirs =
          flag.initial().equals("-")
              ? setting.type().zero()
              : setting.type().parse(flag.initial()).orElseThrow();
      if (!defaults.value(setting.key()).equals(theirs)) {
        other.put(flag.name(), defaults.value(setting.key()));
      }
    }
    assertThat(other)
        .contains(
            entry("serialize-image-pulls", false), entry("enable-cadvisor-json-endpoints", true))
        .contains(
            entry("tls-cert-file", "/var/lib/kubelet/pki/kubelet.crt"),
            entry("tls-private-key-file", "/var/lib/kubelet/pki/kubelet.key"))
        .contains(entry("log-backtrace-at", ""))
        .hasSize(5);
  }

  @Test
  void opensThePortsWithoutAuthenticationOnThisMachineOnly() {
    var server = Given.options().server();
    assertThat(server.readOnly().orElseThrow()).hasToString("/127.0.0.1:10255");
    assertThat(server.cadvisor().orElseThrow()).hasToString("/127.0.0.1:4194");
    assertThat(server.kubelet().orElseThrow()).hasToString("/0.0.0.0:10250");
    assertThat(server.healthz().orElseThrow()).hasToString("/127.0.0.1:10248");
  }

  @Test
  void warnsOnceOfEachFlagWithoutEffect() {
    flags()
        .filter(setting -> !Given.CATALOGUE.inEffect(setting))
        .forEach(
            setting -> {
              var flag = "--" + setting.flag();
              var text = sample(setting);
              assertThat(Given.configuration(flag + "=" + text, flag + "=" + text).warnings())
                  .containsExactly(flag + " is accepted but has no effect in jkubelet");
            });
  }

  private static String sample(Setting setting) {
    return switch (setting.type()) {
      case BOOL, VERSION -> "true";
      case INT32, INT64, UINT64, FLOAT64 -> "1";
      case DURATION -> "1s";
      case QUANTITY -> "1Mi";
      case IP, IPS, IP_PAIR -> "10.0.0.1";
      case STRING, PATH, STRINGS, PAIRS, THRESHOLDS, SWITCHES, HEADERS ->
          setting.allowed() instanceof Allowed.OneOf(var words) ? words.getLast() : "";
    };
  }
}
