package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import java.util.concurrent.CompletionStage;

record RemoteCertificates(ApiCalls calls, Followings followings) implements CertificatesApi {
  private static final String PATH = ApiPath.of(CertificateSigningRequest.class);

  @Override
  public CompletionStage<CertificateSigningRequest> create(CertificateSigningRequest request) {
    return calls.call(
        ApiRequest.post(PATH, calls.written(request)), CertificateSigningRequest.class);
  }

  @Override
  public CompletionStage<CertificateSigningRequest> get(String name) {
    var path = ApiPath.of(CertificateSigningRequest.class, null, name);
    return calls.call(ApiRequest.get(path), CertificateSigningRequest.class);
  }

  @Override
  public Following follow(String name, Follower<CertificateSigningRequest> follower) {
    return followings.follow(
        PATH, ApiPath.where("metadata.name", name), CertificateSigningRequest.class, follower);
  }
}
