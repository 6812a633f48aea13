package dev.jkubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupNameTest {
  @ParameterizedTest
  @CsvSource({
    "'',                               /,                          /,   -.slice",
    "/,                                /,                          /,   -.slice",
    "/kubepods,                        /kubepods,                  /kubepods.slice, kubepods.slice",
    "/kubepods/burstable/pod1234-abcd, /kubepods/burstable/pod1234-abcd,"
        + " /kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1234_abcd.slice,"
        + " kubepods-burstable-pod1234_abcd.slice",
    "/my-root/kubepods,                /my-root/kubepods,"
        + " /my_root.slice/my_root-kubepods.slice, my_root-kubepods.slice",
  })
  void spellsANameAsEitherDriverDoes(String name, String cgroupfs, String systemd, String slice) {
    var parsed = CgroupName.parse(name);

    assertThat(parsed.cgroupfs()).isEqualTo(cgroupfs);
    assertThat(parsed.systemd()).isEqualTo(systemd);
    assertThat(parsed.slice()).isEqualTo(slice);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/../b", "/a_b", "/.", "/a b", "/a\nb"})
  void refusesWhatCouldLeaveTheTreeOrNotBeReadBack(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CgroupName.parse(name))
        .withMessageContaining("expected letters, digits");
  }

  @Test
  void findsThePodsUidInEitherDriversFolderName() {
    assertThat(PodCgroupNames.uidOfCgroupfs("pod12-34")).containsExactly("12-34");
    assertThat(PodCgroupNames.uidOfCgroupfs("burstable")).isEmpty();
    assertThat(PodCgroupNames.uidOfSystemd("kubepods-burstable-pod12_34.slice"))
        .containsExactly("12-34");
    assertThat(PodCgroupNames.uidOfSystemd("kubepods-burstable.slice")).isEmpty();
    assertThat(PodCgroupNames.uidOfSystemd("docker-pod1.scope")).isEmpty();
  }
}
