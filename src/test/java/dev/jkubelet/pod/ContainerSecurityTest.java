package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.ContainerConfig.Security;
import dev.jkubelet.runtime.Image;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerSecurityTest {
  @TempDir private Path profiles;

  @ParameterizedTest
  @CsvSource({
    "{}, {}, '', 0",
    "{}, {}, 1001, 1001",
    "{}, {}, 1001:2002, 1001",
    "{}, {}, www:www, www",
    "{}, {runAsUser: 5}, www, 5",
    "{runAsUser: 4}, {}, '', 4",
    "'{runAsUser: 4, runAsGroup: 6}', {runAsUser: 5}, '', 5:6",
    "{}, {runAsGroup: 7}, www, www:7",
    "{runAsNonRoot: true}, {}, 1001, 1001",
    "{runAsNonRoot: true}, {runAsNonRoot: false}, '', 0",
    "{runAsNonRoot: true}, {runAsUser: 3}, www, 3",
  })
  void findsTheUser(String podContext, String context, String imageUser, String user) {
    assertThat(of(podContext, context).user(image(imageUser))).isEqualTo(user);
  }

  @ParameterizedTest
  @CsvSource({
    "{}, '', container has runAsNonRoot and image will run as root",
    "{}, 0:0, container has runAsNonRoot and image will run as root",
    "{runAsUser: 0}, 1001, container's runAsUser breaks non-root policy",
    "{}, www, 'container has runAsNonRoot and image has non-numeric user (www), cannot verify user"
        + " is non-root'",
  })
  void refusesRootWhereItMustNotBe(String podContext, String imageUser, String message) {
    var security = of(podContext, "{runAsNonRoot: true}");

    assertThatThrownBy(() -> security.user(image(imageUser)))
        .isInstanceOf(BadConfig.class)
        .hasMessage(message + " (pod: \"web-node1_golden(a7af)\", container: main)");
  }

  @Test
  void grantsNothingByDefault() {
    assertThat(of("{}", "{}").security(profiles))
        .isEqualTo(
            new Security(
                false,
                false,
                false,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false));
  }

  @Test
  void takesAllThatIsAsked() {
    var security =
        of(
            "{fsGroup: 20, supplementalGroups: [30, 40], seccompProfile: {type: RuntimeDefault}}",
            """
            {privileged: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false,
             capabilities: {add: [NET_ADMIN], drop: [ALL]}, procMount: Unmasked,
             seLinuxOptions: {type: spc_t, level: s0}}
            """);

    assertThat(security.security(profiles))
        .isEqualTo(
            new Security(
                true,
                true,
                true,
                List.of("NET_ADMIN"),
                List.of("ALL"),
                List.of(20L, 30L, 40L),
                Optional.of("runtime/default"),
                Optional.empty(),
                List.of("type:spc_t", "level:s0"),
                true));
  }

  @ParameterizedTest
  @CsvSource({
    "Unconfined, docker/default, RuntimeDefault, runtime/default, unconfined",
    "'', docker/default, Unconfined, unconfined, runtime/default",
    "'', '', Unconfined, runtime/default, unconfined",
    "'', '', '', runtime/default, runtime/default",
  })
  void prefersTheSeccompProfileNearest(
      String field, String annotation, String podField, String podAnnotation, String expected) {
    var security = of(seccomp(podField), seccomp(field));
    var annotated =
        new PodBuilder(security.pod())
            .editMetadata()
            .addToAnnotations("seccomp.security.alpha.kubernetes.io/pod", podAnnotation)
            .endMetadata();
    if (!annotation.isEmpty()) {
      annotated
          .editMetadata()
          .addToAnnotations("container.seccomp.security.alpha.kubernetes.io/main", annotation)
          .endMetadata();
    }

    assertThat(
            new ContainerSecurity(annotated.build(), security.container())
                .security(profiles)
                .seccomp())
        .contains(expected);
  }

  @Test
  void readsTheSeccompProfileThatThePodNames() throws IOException {
    Files.writeString(
        profiles.resolve("strict.json"), "{\"defaultAction\" :\n \"SCMP_ACT_ERRNO\"}");
    var security = of("{}", "{seccompProfile: {type: Localhost, localhostProfile: strict.json}}");

    assertThat(security.security(profiles).seccomp())
        .contains("{\"defaultAction\":\"SCMP_ACT_ERRNO\"}");
  }

  @Test
  void namesASeccompProfileItCantHave() throws IOException {
    var security = of("{}", "{seccompProfile: {type: Localhost, localhostProfile: strict.json}}");
    var file = profiles.resolve("strict.json");

    assertThatThrownBy(() -> security.security(profiles))
        .isInstanceOf(BadConfig.class)
        .hasMessageStartingWith("cannot load seccomp profile \"" + file + "\": ");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> security.security(profiles))
        .isInstanceOf(BadConfig.class)
        .hasMessageStartingWith("seccomp profile \"" + file + "\": expected JSON, ");
    Files.writeString(file, "[]");
    assertThatThrownBy(() -> security.security(profiles))
        .hasMessage("seccomp profile \"" + file + "\": expected a JSON object");
  }

  @ParameterizedTest
  @CsvSource({"runtime/default,", "unconfined, unconfined", "localhost/strict, strict"})
  void callsAppArmorProfilesAsTheEngineDoes(String annotation, String profile) {
    var security = of("{}", "{}");
    var pod =
        new PodBuilder(security.pod())
            .editMetadata()
            .addToAnnotations("container.apparmor.security.beta.kubernetes.io/main", annotation)
            .endMetadata()
            .build();

    assertThat(new ContainerSecurity(pod, security.container()).security(profiles).appArmor())
        .isEqualTo(Optional.ofNullable(profile));
  }

  @Test
  void prefersTheFieldOfAnAppArmorProfile() {
    var security =
        of(
            "{appArmorProfile: {type: Unconfined}}",
            "{appArmorProfile: {type: Localhost, localhostProfile: strict}}");

    assertThat(security.security(profiles).appArmor()).contains("strict");
    assertThat(of("{appArmorProfile: {type: Unconfined}}", "{}").security(profiles).appArmor())
        .contains("unconfined");
  }

  private static String seccomp(String type) {
    return type.isEmpty() ? "{}" : "{seccompProfile: {type: " + type + "}}";
  }

  private static ContainerSecurity of(String podContext, String context) {
    return new ContainerSecurity(
        Specs.pod("{containers: [], securityContext: " + podContext + "}"),
        Specs.container("{name: main, securityContext: " + context + "}"));
  }

  private static Image image(String user) {
    return new Image("sha256:0690", List.of(), List.of(), 1, user);
  }
}
