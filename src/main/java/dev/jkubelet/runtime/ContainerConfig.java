package dev.jkubelet.runtime;

import dev.jkubelet.model.PodKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a pod, all decided: variables expanded, volumes found, resources converted.
 *
 * @param attempt the restart count, part of the Docker name
 * @param processesOf the container whose processes it sees, if the pod does not share them anyway
 * @param imageId what to run, {@code sha256:…}
 * @param command the entry point; empty for the image's
 * @param args the arguments; empty for the image's
 * @param env {@code NAME=value}
 * @param user {@code uid[:gid]}; empty for the image's
 * @param labels the annotations and labels of dockershim beyond the identity, which the runtime
 *     adds
 * @param logPath where the kubelet's link to the log goes: {@code /var/log/pods/…/<attempt>.log}
 */
public record ContainerConfig(
    PodKey pod,
    String name,
    int attempt,
    String sandboxId,
    SandboxConfig.Namespaces namespaces,
    Optional<String> processesOf,
    String imageId,
    List<String> command,
    List<String> args,
    List<String> env,
    String workingDir,
    String user,
    List<Mount> mounts,
    String cgroupParent,
    Resources resources,
    Security security,
    boolean stdin,
    boolean stdinOnce,
    boolean tty,
    Map<String, String> labels,
    Path logPath,
    SandboxConfig.LogLimits logLimits) {

  /**
   * A folder or file of the host seen inside.
   *
   * @param propagation {@code rprivate}, {@code rslave} or {@code rshared}
   */
  public record Mount(Path hostPath, String containerPath, boolean readOnly, String propagation) {}

  /**
   * Limits of the container's own cgroup.
   *
   * @param cpuShares 2 and up; 0 leaves the engine's default
   * @param cpuQuota microseconds per {@code cpuPeriod}; 0 for none
   * @param memoryLimit bytes, swap included; 0 for none
   */
  public record Resources(
      long cpuShares, long cpuQuota, long cpuPeriod, long memoryLimit, int oomScoreAdj) {
    /** Whether they differ in nothing that can be updated. */
    public boolean equalsUpdatably(Resources other) {
      return cpuShares == other.cpuShares
          && cpuQuota == other.cpuQuota
          && memoryLimit == other.memoryLimit;
    }
  }

  /**
   * What the processes may do.
   *
   * @param seccomp {@code unconfined}, {@code runtime/default} or a profile's JSON; empty counts as
   *     unconfined, as in 1.20
   * @param appArmor {@code unconfined} or the name of a loaded profile; empty for the engine's own
   * @param seLinux such as {@code type:spc_t}; empty for the engine's own label
   * @param wholeProc whether nothing of /proc is hidden or read-only
   */
  public record Security(
      boolean privileged,
      boolean readOnlyRootFilesystem,
      boolean noNewPrivileges,
      List<String> addCapabilities,
      List<String> dropCapabilities,
      List<Long> supplementalGroups,
      Optional<String> seccomp,
      Optional<String> appArmor,
      List<String> seLinux,
      boolean wholeProc) {}
}
