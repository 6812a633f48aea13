package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jkubelet.app.Catalogue.HelpLine;
import dev.jkubelet.app.KubeletOptions.AuthorizationMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each setting that has an effect: its default, and that flags beat the file and it the default.
 */
class OptionsMappingTest {
  @TempDir Path folder;

  static Stream<Arguments> rowsWithDefaults() {
    return SettingRows.all().filter(row -> row.initial() != null).map(row -> arguments(row));
  }

  static Stream<Arguments> rowsWithFields() {
    return SettingRows.all().filter(row -> !row.field().isEmpty()).map(row -> arguments(row));
  }

  @Test
  void coversEveryFlagThatHelpTellsOf() {
    var help =
        Given.CATALOGUE.help().stream()
            .flatMap(group -> group.lines().stream())
            .map(HelpLine::name)
            .filter(name -> name.startsWith("--"))
            .map(name -> name.substring(2))
            .filter(name -> !List.of("config", "v", "version", "help").contains(name));
    assertThat(
            Stream.concat(
                SettingRows.all().map(SettingRow::flag), ClusterMappingTest.FLAGS.stream()))
        .containsExactlyInAnyOrderElementsOf(help.toList());
  }

  @ParameterizedTest
  @MethodSource("rowsWithDefaults")
  void hasItsDefault(SettingRow row) {
    assertThat(row.option().apply(Given.options())).isEqualTo(row.initial());
  }

  @ParameterizedTest
  @MethodSource("dev.jkubelet.app.SettingRows#all")
  void isSetByItsFlag(SettingRow row) {
    var flags = with(row, "--" + row.flag() + "=" + row.onLine());
    assertThat(row.option().apply(Given.options(flags))).isEqualTo(row.ofFlag());
    assertThat(Given.configuration("--" + row.flag() + "=" + row.onLine()).warnings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rowsWithFields")
  void isSetByItsField(SettingRow row) {
    var file = Given.file(folder, row.fields());
    assertThat(row.option().apply(Given.options(file, with(row)))).isEqualTo(row.ofFile());
    assertThat(Given.configuration(file).warnings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.jkubelet.app.SettingRows#all")
  void isSetByItsFlagWhateverTheFileSays(SettingRow row) {
    var file = Given.file(folder, row.field().isEmpty() ? "" : row.fields());
    var flags = with(row, "--" + row.flag() + "=" + row.onLine());
    assertThat(row.option().apply(Given.options(file, flags))).isEqualTo(row.ofFlag());
  }

  private static String[] with(SettingRow row, String... flags) {
    return Stream.concat(Stream.of(flags), row.besides().stream()).toArray(String[]::new);
  }

  @Test
  void isStricterWithAFileAsTheKubeletIs() {
    var server = Given.options(Given.file(folder, "")).server();
    assertThat(server.readOnly()).isEmpty();
    assertThat(server.auth().anonymous()).isFalse();
    assertThat(server.auth().authorization()).isEqualTo(AuthorizationMode.WEBHOOK);
  }

  @Test
  void takesAZeroInTheFileForTheDefaultUnlessGoHasAPointerThere() {
    var zeros = Given.file(folder, "maxPods: 0\nsyncFrequency: 0s\nhealthzPort: 0\nport: 0\n");
    var options = Given.options(zeros);
    assertThat(options.node().resources().maxPods()).isEqualTo(110);
    assertThat(options.node().syncFrequency()).isEqualTo(Duration.ofMinutes(1));
    assertThat(options.server().healthz()).isEmpty();
    assertThat(options.server().kubelet().orElseThrow().getPort()).isEqualTo(10250);
  }

  @Test
  void turnsPortsOff() {
    var server =
        Given.options("--read-only-port=0", "--healthz-port=0", "--cadvisor-port=0").server();
    assertThat(List.of(server.readOnly(), server.healthz(), server.cadvisor()))
        .containsOnly(Optional.empty());
    var closed = Given.options("--enable-server=false").server();
    assertThat(List.of(closed.kubelet(), closed.readOnly())).containsOnly(Optional.empty());
    assertThat(closed.healthz()).isPresent();
  }

  @Test
  void findsTheFilesPathsBesideTheFile() {
    var file =
        Given.file(folder, "staticPodPath: pods\nauthentication: {x509: {clientCAFile: ../ca}}");
    var options = Given.options(file);
    assertThat(options.sources().manifestPath()).contains(folder.resolve("pods"));
    assertThat(options.server().auth().clientCaFile()).contains(folder.resolveSibling("ca"));
  }

  @Test
  void makesACertificateUnlessOneIsGiven() {
    assertThat(Given.options().server().tls().selfSigned()).isTrue();
    assertThat(
            Given.options("--tls-cert-file=c", "--tls-private-key-file=k")
                .server()
                .tls()
                .selfSigned())
        .isFalse();
  }

  @Test
  void namesTheNodeAfterTheMachine() {
    assertThat(Given.options().node().name()).matches("[a-z0-9.-]+");
  }

  @Test
  void usesNoResolvConfWhenTheFlagIsEmpty() {
    assertThat(Given.options("--resolv-conf=").dns().resolvConf()).isEmpty();
  }

  @Test
  void pullsTheImagesOfAllPodsAtATimeUnlessToldToPullOne() {
    assertThat(Given.options().engine().parallelPulls())
        .isGreaterThan(Given.options().node().resources().maxPods());
    assertThat(Given.options("--serialize-image-pulls").engine().parallelPulls()).isEqualTo(1);
  }

  @Test
  void pullsAsManyImagesAtATimeAsTheFileSaysUnlessTheyAreSerialized(@TempDir Path folder) {
    var file = Given.file(folder, "maxParallelImagePulls: 4");

    assertThat(Given.options(file).engine().parallelPulls()).isEqualTo(4);
    assertThatThrownBy(() -> Given.options(file, "--serialize-image-pulls"))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("maxParallelImagePulls")
        .hasMessageContaining("expected 1 as long as serializeImagePulls is true, got \"4\"");
  }
}
