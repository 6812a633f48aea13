package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has a certificate signed by the cluster, and waits for it. */
final class Signing {
  private Signing() {}

  /** What has become of a request. */
  sealed interface Verdict {
    record Pending() implements Verdict {}

    /** The chain, in PEM. */
    record Signed(String certificates) implements Verdict {}

    record Refused(String why) implements Verdict {}
  }

  static Verdict verdict(CertificateSigningRequest request) {
    var status = Optional.ofNullable(request.getStatus());
    var conditions = status.map(known -> known.getConditions()).orElse(List.of());
    for (var condition : conditions) {
      if (condition.getType().equals("Denied") || condition.getType().equals("Failed")) {
        return new Verdict.Refused(
            "%s: %s: %s"
                .formatted(condition.getType(), condition.getReason(), condition.getMessage()));
      }
    }
    return status
        .map(known -> known.getCertificate())
        .filter(certificate -> !certificate.isEmpty())
        .<Verdict>map(
            certificate ->
                new Verdict.Signed(new String(Base64.getDecoder().decode(certificate), UTF_8)))
        .orElseGet(Verdict.Pending::new);
  }

  /**
   * Blocks until the request is decided.
   *
   * @param request PKCS#10, in PEM
   * @return the certificate chain, in PEM
   * @throws IOException if it is refused, fails, or is not decided in time
   */
  static String certificates(
      CertificatesApi api, CertificateTemplate template, String request, Duration limit)
      throws IOException, InterruptedException {
    var made =
        new CertificateSigningRequestBuilder()
            .withNewMetadata()
            .withGenerateName("csr-")
            .endMetadata()
            .withNewSpec()
            .withRequest(Base64.getEncoder().encodeToString(request.getBytes(UTF_8)))
            .withSignerName(template.signer())
            .withUsages(template.usages())
            .endSpec()
            .build();
    try {
      var name = api.create(made).toCompletableFuture().get().getMetadata().getName();
      var decided = new CompletableFuture<String>();
      try (var _ = api.follow(name, new Awaiting(name, decided))) {
        return decided.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new IOException("%s is not signed within %s".formatted(name, limit), e);
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  private record Awaiting(String name, CompletableFuture<String> decided)
      implements Follower<CertificateSigningRequest> {
    @Override
    public void listed(List<CertificateSigningRequest> all) {
      all.forEach(this::changed);
    }

    @Override
    public void changed(CertificateSigningRequest request) {
      switch (verdict(request)) {
        case Verdict.Pending() -> {
          // Someone will decide.
        }
        case Verdict.Signed(var certificates) -> decided.complete(certificates);
        case Verdict.Refused(var why) ->
            decided.completeExceptionally(new IOException(name + ": " + why));
      }
    }

    @Override
    public void deleted(CertificateSigningRequest request) {
      decided.completeExceptionally(new IOException(name + " was deleted before it was signed"));
    }
  }
}
