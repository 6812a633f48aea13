package dev.jkubelet.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerConfig.Security;
import dev.jkubelet.runtime.Image;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The security contexts of pod and container as one; where both speak, the container's counts. */
public record ContainerSecurity(Pod pod, Container container) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOCALHOST = "localhost/";
  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
  private static final String POD_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/";

  /**
   * What the processes may do. Reads the seccomp profile, if it is a file.
   *
   * @param seccompRoot where such files are
   * @throws BadConfig for a seccomp profile that can't be had
   */
  Security security(Path seccompRoot) {
    return new Security(
        isTrue(own(SecurityContext::getPrivileged)),
        isTrue(own(SecurityContext::getReadOnlyRootFilesystem)),
        own(SecurityContext::getAllowPrivilegeEscalation).filter(allowed -> !allowed).isPresent(),
        capabilities(Capabilities::getAdd),
        capabilities(Capabilities::getDrop),
        groups(),
        seccomp().map(name -> known(name, seccompRoot)),
        appArmor(),
        seLinux(),
        own(SecurityContext::getProcMount).filter("Unmasked"::equals).isPresent());
  }

  /**
   * As whom the first process runs, {@code uid[:gid]}: the spec's user, else the image's without
   * its group, else root.
   *
   * @throws BadConfig when that would be root and must not be
   */
  String user(Image image) {
    var uid = either(SecurityContext::getRunAsUser, PodSecurityContext::getRunAsUser);
    var imageUser = image.user().split(":", 2)[0];
    if (isTrue(either(SecurityContext::getRunAsNonRoot, PodSecurityContext::getRunAsNonRoot))) {
      refuseRoot(uid, imageUser);
    }
    var user = uid.map(Object::toString).orElse(imageUser.isEmpty() ? "0" : imageUser);
    return either(SecurityContext::getRunAsGroup, PodSecurityContext::getRunAsGroup)
        .map(gid -> user + ":" + gid)
        .orElse(user);
  }

  private void refuseRoot(Optional<Long> uid, String imageUser) {
    var whose = "(pod: \"%s\", container: %s)".formatted(PodKey.of(pod), container.getName());
    if (uid.isPresent()) {
      if (uid.get() == 0) {
        throw new BadConfig("container's runAsUser breaks non-root policy " + whose);
      }
    } else if (imageUser.matches("[+-]?0*")) {
      throw new BadConfig("container has runAsNonRoot and image will run as root " + whose);
    } else if (!imageUser.matches("[+-]?[0-9]+")) {
      throw new BadConfig(
          "container has runAsNonRoot and image has non-numeric user (%s), cannot verify user is non-root %s"
              .formatted(imageUser, whose));
    }
  }

  private List<Long> groups() {
    return Stream.concat(
            pods(PodSecurityContext::getFsGroup).stream(),
            pods(PodSecurityContext::getSupplementalGroups).orElse(List.of()).stream())
        .toList();
  }

  private List<String> capabilities(Function<Capabilities, List<String>> which) {
    return own(SecurityContext::getCapabilities).map(which).map(List::copyOf).orElse(List.of());
  }

  /** The old annotations still count, each after the field of its own level. */
  private Optional<String> seccomp() {
    var annotations = Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
    return own(SecurityContext::getSeccompProfile)
        .map(ContainerSecurity::profile)
        .or(() -> Optional.ofNullable(annotations.get(CONTAINER_SECCOMP + container.getName())))
        .or(() -> pods(PodSecurityContext::getSeccompProfile).map(ContainerSecurity::profile))
        .or(() -> Optional.ofNullable(annotations.get(POD_SECCOMP)))
        .filter(name -> !name.isEmpty());
  }

  private Optional<String> appArmor() {
    var annotations = Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
    return either(SecurityContext::getAppArmorProfile, PodSecurityContext::getAppArmorProfile)
        .map(ContainerSecurity::profile)
        .or(() -> Optional.ofNullable(annotations.get(APP_ARMOR + container.getName())))
        .filter(name -> !name.isEmpty() && !name.equals("runtime/default"))
        .map(name -> name.startsWith(LOCALHOST) ? name.substring(LOCALHOST.length()) : name);
  }

  private List<String> seLinux() {
    return either(SecurityContext::getSeLinuxOptions, PodSecurityContext::getSeLinuxOptions)
        .map(
            label ->
                Stream.of(
                        part("user", label.getUser()),
                        part("role", label.getRole()),
                        part("type", label.getType()),
                        part("level", label.getLevel()))
                    .flatMap(Optional::stream)
                    .toList())
        .orElse(List.of());
  }

  private static Optional<String> part(String name, String value) {
    return Optional.ofNullable(value).filter(v -> !v.isEmpty()).map(v -> name + ":" + v);
  }

  private static String profile(SeccompProfile profile) {
    return profile(profile.getType(), profile.getLocalhostProfile());
  }

  /** The profile's name as the annotations have it, {@code localhost/strict}. */
  public static String profile(AppArmorProfile profile) {
    return profile(profile.getType(), profile.getLocalhostProfile());
  }

  private static String profile(String type, String localhost) {
    return switch (type) {
      case "RuntimeDefault" -> "runtime/default";
      case "Unconfined" -> "unconfined";
      case "Localhost" -> LOCALHOST + localhost;
      case null -> "";
      case String unknown -> unknown;
    };
  }

  private static String known(String profile, Path root) {
    return switch (profile) {
      case "unconfined" -> profile;
      case "runtime/default", "docker/default" -> "runtime/default";
      case String file when file.startsWith(LOCALHOST) ->
          json(root.resolve(file.substring(LOCALHOST.length())));
      case String other -> throw new BadConfig("unknown seccomp profile option: " + other);
    };
  }

  /** The engine, which may be elsewhere, takes the profile itself, not its path. */
  private static String json(Path file) {
    try {
      var profile = JSON.readTree(Files.readAllBytes(file));
      if (profile.isObject()) {
        return profile.toString();
      }
      throw new BadConfig("seccomp profile \"" + file + "\": expected a JSON object");
    } catch (JsonProcessingException wrong) {
      throw new BadConfig(
          "seccomp profile \"" + file + "\": expected JSON, " + wrong.getOriginalMessage());
    } catch (IOException unreadable) {
      throw new BadConfig("cannot load seccomp profile \"" + file + "\": " + unreadable);
    }
  }

  private <T> Optional<T> either(
      Function<SecurityContext, T> field, Function<PodSecurityContext, T> podField) {
    return own(field).or(() -> pods(podField));
  }

  private <T> Optional<T> own(Function<SecurityContext, T> field) {
    return Optional.ofNullable(container.getSecurityContext()).map(field);
  }

  private <T> Optional<T> pods(Function<PodSecurityContext, T> field) {
    return Optional.ofNullable(pod.getSpec().getSecurityContext()).map(field);
  }

  private static boolean isTrue(Optional<Boolean> value) {
    return value.orElse(false);
  }
}
