package dev.jkubelet.node;

import dev.jkubelet.node.Admission.Refusal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Optional;

/**
 * Fields of later versions of Kubernetes by which a pod asks for more than this node gives: it does
 * not run, rather than run without. The reasons are those of later kubelets, where they have one.
 */
final class UnsupportedFields {
  private UnsupportedFields() {}

  static Optional<Refusal> refuse(Pod pod) {
    var spec = pod.getSpec();
    if (Boolean.FALSE.equals(spec.getHostUsers())) {
      return refusal("UserNamespacesNotSupported", "hostUsers=false");
    }
    if (isStrict(spec)) {
      return refusal("SupplementalGroupsPolicyNotSupported", "SupplementalGroupsPolicy=Strict");
    }
    if (spec.getResources() != null) {
      return refusal("PodLevelResourcesNotSupported", "a pod's resources as a whole");
    }
    return spec.getResourceClaims().isEmpty()
        ? Optional.empty()
        : refusal("ResourceClaimsNotSupported", "resourceClaims");
  }

  private static boolean isStrict(PodSpec spec) {
    return Optional.ofNullable(spec.getSecurityContext())
        .map(PodSecurityContext::getSupplementalGroupsPolicy)
        .filter("Strict"::equals)
        .isPresent();
  }

  private static Optional<Refusal> refusal(String reason, String what) {
    return Optional.of(new Refusal(reason, what + " is not supported in this node"));
  }
}
