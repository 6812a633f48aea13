package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.Admission.Refusal;
import dev.jkubelet.pod.FakeMachine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine can't enforce, it does not run. */
class HostSecurityTest {
  private static final HostSecurity WEAK = new HostSecurity(false, false, SysctlRules.SAFE_ONLY);
  private static final HostSecurity STRONG = new HostSecurity(true, true, SysctlRules.SAFE_ONLY);

  @TempDir private Path root;

  @Test
  void isWhatTheKernelSays() throws IOException {
    assertThat(HostSecurity.of(root, SysctlRules.SAFE_ONLY)).isEqualTo(WEAK);

    write("sys/module/apparmor/parameters/enabled", "Y\n");
    write("sys/fs/selinux/enforce", "1");
    assertThat(HostSecurity.of(root, SysctlRules.SAFE_ONLY)).isEqualTo(STRONG);

    write("sys/module/apparmor/parameters/enabled", "N\n");
    assertThat(HostSecurity.of(root, SysctlRules.SAFE_ONLY).appArmor()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "runtime/default, AppArmor is not enabled on the host",
    "localhost/strict, AppArmor is not enabled on the host",
    "strict, 'invalid AppArmor profile name: \"strict\"'",
  })
  void refusesAnAppArmorProfileThatNobodyEnforces(String profile, String why) {
    assertThat(WEAK.refuse(withAppArmor(profile)))
        .contains(new Refusal("AppArmor", "Cannot enforce AppArmor: " + why));
    assertThat(STRONG.refuse(withAppArmor(profile)).isPresent())
        .isEqualTo(profile.equals("strict"));
    assertThat(WEAK.refuse(withAppArmor("unconfined"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "{type: RuntimeDefault}, {}, true",
    "{}, '{type: Localhost, localhostProfile: strict}', true",
    "{type: Unconfined}, {}, false",
    "{}, {}, false",
  })
  void refusesTheProfileOfAFieldLikewise(String pods, String containers, boolean refused) {
    var pod = withContexts("appArmorProfile", pods, containers);
    assertThat(WEAK.refuse(pod).isPresent()).isEqualTo(refused);
    assertThat(STRONG.refuse(pod)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hostUsers: false, UserNamespacesNotSupported, hostUsers=false",
    "securityContext: {supplementalGroupsPolicy: Strict}, SupplementalGroupsPolicyNotSupported, SupplementalGroupsPolicy=Strict",
    "resources: {limits: {cpu: 1}}, PodLevelResourcesNotSupported, a pod's resources as a whole",
    "'resourceClaims: [{name: gpu, resourceClaimName: one}]', ResourceClaimsNotSupported, resourceClaims",
  })
  void refusesWhatOnlyLaterKubeletsGive(String field, String reason, String what) {
    assertThat(STRONG.refuse(pod(field)))
        .contains(new Refusal(reason, what + " is not supported in this node"));
  }

  @ParameterizedTest
  @CsvSource({"hostUsers: true", "securityContext: {supplementalGroupsPolicy: Merge}"})
  void takesWhatEveryKubeletGives(String field) {
    assertThat(STRONG.refuse(pod(field))).isEmpty();
  }

  /** {@code {}} for a context without the field. */
  private static Pod withContexts(String field, String pods, String containers) {
    return FakeMachine.pod(
        "web",
        "uid-web",
        """
        {securityContext: {%1$s: %2$s}, containers: [{name: main, securityContext: {%1$s: %3$s}}]}
        """
            .formatted(field, pods, containers)
            .replace(field + ": {}", ""));
  }

  private static Pod pod(String field) {
    return FakeMachine.pod("web", "uid-web", "{containers: [{name: main}], " + field + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "{type: container_t}, {}, true",
    "{}, '{level: \"s0:c123,c456\"}', true",
    "{}, '{type: container_t, level: s0}', true",
    "{}, {level: s0}, false",
    "{type: container_t}, {type: spc_t}, false",
    "{}, {}, false",
  })
  void refusesALabelThatNobodyEnforces(String pods, String containers, boolean refused) {
    var pod = withContexts("seLinuxOptions", pods, containers);
    assertThat(WEAK.refuse(pod).map(Refusal::reason).filter("SELinux"::equals).isPresent())
        .isEqualTo(refused);
    assertThat(STRONG.refuse(pod)).isEmpty();
  }

  private static Pod withAppArmor(String profile) {
    return new PodBuilder(FakeMachine.pod("web", "uid-web", "{containers: [{name: main}]}"))
        .editMetadata()
        .addToAnnotations("container.apparmor.security.beta.kubernetes.io/main", profile)
        .endMetadata()
        .build();
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
