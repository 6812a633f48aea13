package dev.jkubelet.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which of the kernel's settings pods may change: those that are harmless to others, and those that
 * the node's owner allows. Each must belong to a namespace that is the pod's own.
 *
 * @param allowed names, or beginnings of names with a {@code *} at their end
 */
public record SysctlRules(List<String> allowed) {
  private static final List<String> SAFE =
      List.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range");
  private static final Map<String, String> NAMESPACES =
      new TreeMap<>(
          Map.of(
              "kernel.sem", "ipc",
              "kernel.shm", "ipc",
              "kernel.msg", "ipc",
              "fs.mqueue.", "ipc",
              "net.", "net"));
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9]([-_a-z0-9]*[a-z0-9])?\\.)*([a-z0-9]([-_a-z0-9]*[a-z0-9])?|[a-z0-9]([-_a-z0-9]*[a-z0-9])?\\*|\\*)");

  /** Nothing but what is harmless. */
  public static final SysctlRules SAFE_ONLY = new SysctlRules(List.of());

  /**
   * Those of {@code --allowed-unsafe-sysctls} besides.
   *
   * @throws IllegalArgumentException when one of them is none, or is not a namespace's own
   */
  public SysctlRules {
    for (var pattern : allowed) {
      if (pattern.length() > 253 || !NAME.matcher(pattern).matches()) {
        throw new IllegalArgumentException("a name or the beginning of one, such as net.core.*");
      }
      if (namespace(withoutStar(pattern)).isEmpty()) {
        throw new IllegalArgumentException("one that a pod has for itself, such as kernel.msg*");
      }
    }
    allowed = List.copyOf(allowed);
  }

  /** Why the pod may not have what it asks for, if so. */
  Optional<String> forbidden(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getSecurityContext())
        .map(PodSecurityContext::getSysctls)
        .orElse(List.of())
        .stream()
        .map(Sysctl::getName)
        .flatMap(name -> forbidden(name, pod).stream())
        .findFirst();
  }

  private Optional<String> forbidden(String name, Pod pod) {
    if (!SAFE.contains(name) && allowed.stream().noneMatch(pattern -> covers(pattern, name))) {
      return Optional.of("forbidden sysctl: \"%s\" not whitelisted".formatted(name));
    }
    return namespace(name)
        .filter(
            ns ->
                Boolean.TRUE.equals(
                    ns.equals("net") ? pod.getSpec().getHostNetwork() : pod.getSpec().getHostIPC()))
        .map(ns -> "forbidden sysctl: \"%s\" not allowed with host %s enabled".formatted(name, ns));
  }

  private static boolean covers(String pattern, String name) {
    return pattern.endsWith("*") ? name.startsWith(withoutStar(pattern)) : name.equals(pattern);
  }

  private static String withoutStar(String pattern) {
    return pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : pattern;
  }

  private static Optional<String> namespace(String name) {
    return NAMESPACES.entrySet().stream()
        .filter(
            known ->
                known.getKey().equals("kernel.sem")
                    ? name.equals("kernel.sem")
                    : name.startsWith(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
