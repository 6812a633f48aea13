package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.concurrent.CompletionStage;

/** Certificates that the cluster signs: certificates.k8s.io/v1. */
public interface CertificatesApi {
  CompletionStage<CertificateSigningRequest> create(CertificateSigningRequest request);

  /** The request as it stands: approved, denied, failed, or signed ({@code status.certificate}). */
  CompletionStage<CertificateSigningRequest> get(String name);

  /** One request, and what becomes of it. */
  Following follow(String name, Follower<CertificateSigningRequest> follower);
}
