package dev.jkubelet.stats;

/**
 * What {@code kubernetes_build_info} and {@code cadvisor_version_info} say of this program.
 *
 * @param major of the Kubernetes version whose kubelet this stands in for, {@code 1}
 * @param minor {@code 20}
 * @param gitVersion {@code v1.20.2-jkubelet.0.1.0} or the like
 * @param gitCommit empty when unknown
 * @param gitTreeState {@code clean}, {@code dirty} or {@code archive}
 * @param buildDate as in {@code 2026-01-01T00:00:00Z}
 */
public record BuildInfo(
    String major,
    String minor,
    String gitVersion,
    String gitCommit,
    String gitTreeState,
    String buildDate) {
  /** A build that nobody described. */
  public static final BuildInfo UNKNOWN =
      new BuildInfo("1", "20", "v1.20.2-jkubelet", "", "archive", "1970-01-01T00:00:00Z");

  void render(Exposition out) {
    out.family(
            "kubernetes_build_info",
            "gauge",
            "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git"
                + " commit, git tree state, build date, Go version, and compiler from which"
                + " Kubernetes was built, and platform on which it is running.")
        .sample(
            "kubernetes_build_info",
            1,
            "build_date",
            buildDate,
            "compiler",
            "javac",
            "git_commit",
            gitCommit,
            "git_tree_state",
            gitTreeState,
            "git_version",
            gitVersion,
            "go_version",
            "java" + Runtime.version().feature(),
            "major",
            major,
            "minor",
            minor,
            "platform",
            "linux/" + architecture());
  }

  /** In Go's words, as the kubelet has them. */
  private static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }
}
