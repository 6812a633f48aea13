package dev.jkubelet.volume;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The file by which a pod shows who it is: a token of its service account, bound to it. */
final class TokenFiles {
  private static final int OWNER_ONLY = 0600;
  private static final long DEFAULT_SECONDS = 3600;

  private final ObjectSource objects;

  TokenFiles(ObjectSource objects) {
    this.objects = objects;
  }

  /**
   * @param mode of a file that everybody in the pod may read
   * @param renewals hears when the token grows old
   */
  Map<String, AtomicFiles.Content> of(
      Pod pod, ServiceAccountTokenProjection source, int mode, Consumer<Instant> renewals)
      throws IOException, InterruptedException {
    var account = Optional.ofNullable(pod.getSpec().getServiceAccountName()).orElse("");
    var seconds = Optional.ofNullable(source.getExpirationSeconds()).orElse(DEFAULT_SECONDS);
    var audiences =
        Optional.ofNullable(source.getAudience())
            .filter(Predicate.not(String::isEmpty))
            .map(List::of)
            .orElse(List.of());
    var token =
        ObjectFiles.await(
            objects.token(
                PodKey.of(pod),
                account.isEmpty() ? "default" : account,
                audiences,
                Duration.ofSeconds(seconds)));
    renewals.accept(token.renewAt());
    var user = user(pod);
    boolean shared = user.isEmpty() && context(pod).map(PodSecurityContext::getFsGroup).isEmpty();
    return Map.of(
        source.getPath(),
        new AtomicFiles.Content(
            token.text().getBytes(StandardCharsets.UTF_8), shared ? mode : OWNER_ONLY, user));
  }

  /** Whom every container of the pod runs as, if its spec says so. */
  private static Optional<Long> user(Pod pod) {
    var users = PodContainers.all(pod).map(container -> user(pod, container)).distinct().toList();
    return users.size() == 1 ? users.getFirst() : Optional.empty();
  }

  private static Optional<Long> user(Pod pod, Container container) {
    return Optional.ofNullable(container.getSecurityContext())
        .map(SecurityContext::getRunAsUser)
        .or(() -> context(pod).map(PodSecurityContext::getRunAsUser));
  }

  private static Optional<PodSecurityContext> context(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getSecurityContext());
  }
}
