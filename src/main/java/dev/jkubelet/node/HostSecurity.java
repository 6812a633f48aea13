package dev.jkubelet.node;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.node.Admission.Refusal;
import dev.jkubelet.pod.ContainerSecurity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SELinuxOptionsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How this machine can confine pods. One that asks for more than that does not run here, rather
 * than run with less.
 *
 * @param appArmor whether the kernel enforces AppArmor profiles
 * @param seLinux whether the kernel enforces SELinux labels
 * @param sysctls what of the kernel pods may change
 */
public record HostSecurity(boolean appArmor, boolean seLinux, SysctlRules sysctls) {
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

  /**
   * The type of a container that SELinux does not confine: without SELinux it is none the weaker.
   */
  private static final String UNCONFINED_TYPE = "spc_t";

  /** Likewise the level of whatever has none, which keeps nobody apart. */
  private static final Set<SELinuxOptions> HARMLESS =
      Set.of(new SELinuxOptions(), new SELinuxOptionsBuilder().withLevel("s0").build());

  /** Looks at the machine whose file system is at {@code root}. */
  public static HostSecurity of(Path root, SysctlRules sysctls) {
    return new HostSecurity(
        begins(root.resolve("sys/module/apparmor/parameters/enabled"), "Y"),
        Files.exists(root.resolve("sys/fs/selinux/enforce")),
        sysctls);
  }

  private static boolean begins(Path file, String text) {
    try {
      return Files.readString(file).startsWith(text);
    } catch (IOException _) {
      return false;
    }
  }

  Optional<Refusal> refuse(Pod pod) {
    return sysctls
        .forbidden(pod)
        .map(message -> new Refusal("SysctlForbidden", message))
        .or(() -> UnsupportedFields.refuse(pod))
        .or(() -> refuseAppArmor(pod))
        .or(() -> refuseSeLinux(pod));
  }

  private Optional<Refusal> refuseAppArmor(Pod pod) {
    return Stream.concat(annotatedProfiles(pod), fieldsProfiles(pod))
        .flatMap(profile -> unenforceable(profile).stream())
        .map(why -> new Refusal("AppArmor", "Cannot enforce AppArmor: " + why))
        .findFirst();
  }

  private static Stream<String> annotatedProfiles(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getAnnotations())
        .orElse(Map.of())
        .entrySet()
        .stream()
        .filter(annotation -> annotation.getKey().startsWith(APP_ARMOR))
        .map(Map.Entry::getValue);
  }

  /** The fields came after the annotations, in 1.30. */
  private static Stream<String> fieldsProfiles(Pod pod) {
    return Stream.concat(
            Stream.ofNullable(pod.getSpec().getSecurityContext())
                .map(PodSecurityContext::getAppArmorProfile),
            PodContainers.all(pod)
                .map(Container::getSecurityContext)
                .filter(Objects::nonNull)
                .map(SecurityContext::getAppArmorProfile))
        .filter(Objects::nonNull)
        .map(ContainerSecurity::profile);
  }

  /** A profile of the node's that is not loaded shows when the engine starts the container. */
  private Optional<String> unenforceable(String profile) {
    return switch (profile) {
      case "", "unconfined" -> Optional.empty();
      case String named when !named.equals("runtime/default") && !named.startsWith("localhost/") ->
          Optional.of("invalid AppArmor profile name: \"" + named + "\"");
      case String _ when !appArmor -> Optional.of("AppArmor is not enabled on the host");
      case String _ -> Optional.empty();
    };
  }

  private Optional<Refusal> refuseSeLinux(Pod pod) {
    boolean asks = PodContainers.all(pod).anyMatch(container -> asksForLabel(pod, container));
    return asks && !seLinux
        ? Optional.of(
            new Refusal("SELinux", "Cannot enforce SELinux: SELinux is not enabled on the host"))
        : Optional.empty();
  }

  private static boolean asksForLabel(Pod pod, Container container) {
    return Optional.ofNullable(container.getSecurityContext())
        .map(SecurityContext::getSeLinuxOptions)
        .or(
            () ->
                Optional.ofNullable(pod.getSpec().getSecurityContext())
                    .map(PodSecurityContext::getSeLinuxOptions))
        .filter(label -> !HARMLESS.contains(label))
        .filter(label -> !UNCONFINED_TYPE.equals(label.getType()))
        .isPresent();
  }
}
