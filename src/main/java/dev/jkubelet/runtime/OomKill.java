package dev.jkubelet.runtime;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A process that the kernel killed because memory ran out.
 *
 * @param limited the cgroup whose limit was reached; {@code /} when it was the machine's memory
 * @param victim the cgroup of the process
 */
public record OomKill(String limited, String victim, String process, long pid) {
  /**
   * As {@code dump_oom_victim} of mm/oom_kill.c has written it since Linux 5.0, with the priority
   * of the kernel's own: what processes write to the log has one of 8 or more.
   */
  private static final Pattern RECORD =
      Pattern.compile(
          "[0-7],[^;]*;oom-kill:constraint=.*?,(?:global_oom|oom_memcg=(?<limited>.*?)),task_memcg=(?<victim>.*?),task=(?<process>.*),pid=(?<pid>\\d{1,10}),uid=");

  /** Both names that engines give to a container's cgroup, by driver. */
  private static final Pattern CONTAINER =
      Pattern.compile("/(?:docker-)?(?<id>[0-9a-f]{64})(?:\\.scope)?(?:/|$)");

  /** Empty when a record of the kernel's log tells of something else. */
  static Optional<OomKill> parse(String record) {
    if (!record.contains("oom-kill:")) {
      return Optional.empty();
    }
    var found = RECORD.matcher(record);
    return found.lookingAt()
        ? Optional.of(
            new OomKill(
                Optional.ofNullable(found.group("limited")).orElse("/"),
                found.group("victim"),
                found.group("process"),
                Long.parseLong(found.group("pid"))))
        : Optional.empty();
  }

  /** The killed container's id; empty when the process was of none. */
  Optional<String> container() {
    var found = CONTAINER.matcher(victim);
    return found.find() ? Optional.of(found.group("id")) : Optional.empty();
  }
}
