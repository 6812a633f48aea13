package dev.jkubelet.stats;

import java.util.stream.Stream;

/**
 * The series of what processes hold, which the kubelet tells and cAdvisor by request only. They
 * stand among the others, as all are sorted by name.
 */
record ProcessSeries(ContainerFamilies families) {
  void files() {
    families.gauge(
        "file_descriptors",
        "Number of open file descriptors for the container.",
        r -> r.latest().processes().files());
  }

  void processes() {
    families.gauge(
        "processes",
        "Number of processes running inside the container.",
        r -> r.latest().processes().processes());
  }

  void sockets() {
    families.gauge(
        "sockets",
        "Number of open sockets for the container.",
        r -> r.latest().processes().sockets());
  }

  void threads() {
    families.gauge(
        "threads",
        "Number of threads running inside the container",
        r -> r.latest().processes().threads());
    families.gauge(
        "threads_max",
        "Maximum number of threads allowed inside the container, infinity if value is zero",
        r -> r.latest().processes().threadsMax());
    families.family(
        "container_ulimits_soft",
        ContainerFamilies.GAUGE,
        "Soft ulimit values for the container root process. Unlimited if -1, except priority and"
            + " nice",
        families.all(
            one ->
                Stream.of(one.last(one.record(), "ulimit", "max_open_files"))
                    .filter(_ -> one.record().latest().processes().maxOpenFiles() != 0)),
        r -> r.latest().processes().maxOpenFiles(),
        0);
  }
}
