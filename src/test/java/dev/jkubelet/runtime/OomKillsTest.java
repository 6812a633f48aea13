package dev.jkubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the kernel killed for want of memory, by records as it writes them. */
class OomKillsTest {
  private static final String ID =
      "ce01eefcef3fcd6985e449711ac00b06ef5fffd84e4fe98b7ac5c5e0a88ed125";
  private static final String POD = "/kubepods/burstable/pod1";

  private final Queue<String> log = new ArrayDeque<>();

  @Test
  void areReadFromTheKernelsLog() {
    assertThat(OomKill.parse(record("oom_memcg=" + POD, POD + "/" + ID, "tail")))
        .contains(new OomKill(POD, POD + "/" + ID, "tail", 31751));
    assertThat(OomKill.parse(record("global_oom", "/system.slice/ssh.service", "sshd")))
        .contains(new OomKill("/", "/system.slice/ssh.service", "sshd", 31751));
    assertThat(OomKill.parse(record("global_oom", "/", "a,pid=7,uid=0, b")))
        .contains(new OomKill("/", "/", "a,pid=7,uid=0, b", 31751));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4,1,2,-;veth5827fc7 (unregistering): left promiscuous mode\n",
        "6,66261,516165978,-;oom-kill:constraint=CONSTRAINT_MEMCG\n",
        "14,1,2,-;oom-kill:constraint=X,global_oom,task_memcg=/,task=a,pid=1,uid=0\n",
        "6,1,2,-;said: oom-kill:constraint=X,global_oom,task_memcg=/,task=a,pid=1,uid=0\n",
        "6,66261,516165978,-;oom-kill:constraint=X,global_oom,task_memcg=/,task=a,pid=x,uid=0\n",
      })
  void areNotReadFromAnythingElse(String record) {
    assertThat(OomKill.parse(record)).isEmpty();
  }

  @Test
  void hitTheContainerInWhoseCgroupTheProcessWas() {
    var kills = new OomKills(() -> this::next);
    log.add(record("oom_memcg=" + POD, POD + "/" + ID, "tail"));
    var other = ID.replace('c', 'd');
    var slice = "/kubepods.slice/kubepods-pod1.slice/docker-" + other + ".scope/inner";
    log.add(record("global_oom", slice, "tail"));

    assertThat(kills.hit(ID)).isTrue();
    assertThat(kills.hit(other)).isTrue();
    assertThat(kills.hit(ID.replace('c', 'e'))).isFalse();
  }

  @Test
  void areNewsOnlyFromNowOn() {
    log.add(record("global_oom", "/" + ID, "before"));
    var kills = new OomKills(() -> this::next);
    List<String> heard = new ArrayList<>();
    kills.listen(kill -> heard.add(kill.process()));
    kills.read();

    log.add("4,1,2,-;something else");
    log.add(record("global_oom", "/", "after"));
    kills.read();
    kills.read();

    assertThat(heard).containsExactly("after");
    assertThat(kills.hit(ID)).isTrue();
  }

  @Test
  void areForgottenTheOldestFirst() {
    var kills = new OomKills(() -> this::next);
    for (int i = 0; i < 2001; i++) {
      log.add(record("global_oom", "/" + "%064x".formatted(i), "tail"));
    }

    assertThat(kills.hit("%064x".formatted(2000))).isTrue();
    assertThat(kills.hit("%064x".formatted(1))).isTrue();
    assertThat(kills.hit("%064x".formatted(0))).isFalse();
  }

  private Optional<String> next() {
    return Optional.ofNullable(log.poll());
  }

  private static String record(String limit, String victim, String process) {
    return "6,66261,516165978,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=%s,"
            .formatted(ID)
        + "mems_allowed=0,%s,task_memcg=%s,task=%s,pid=31751,uid=0\n"
            .formatted(limit, victim, process);
  }
}
