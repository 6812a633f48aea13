package dev.jkubelet.server.auth;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to a handler of the kubelet's port: who is not known gets a 401, who is not allowed a
 * 403, and only a clear yes goes on. Texts are the kubelet's.
 */
public final class Gate {
  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private final Authenticator authenticator;
  private final Authorizer authorizer;

  public Gate(Authenticator authenticator, Authorizer authorizer) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
  }

  /**
   * Runs {@code handler} if the request may pass.
   *
   * @param path of the request, clean and decoded
   * @param refusal makes the answer from a status and its text
   */
  public CompletionStage<HttpResponse> admit(
      HttpRequest request,
      String path,
      Supplier<CompletionStage<HttpResponse>> handler,
      BiFunction<Integer, String, HttpResponse> refusal) {
    var attributes = RequestAttributes.of(request.method().value(), path);
    return authenticate(credentials(request))
        .thenCompose(
            opinion ->
                switch (opinion) {
                  case Authentication.Known(var user) ->
                      authorize(user, attributes, handler, refusal);
                  case Authentication.Rejected(var reason) -> {
                    log.info("Rejected the credentials of a request to {}: {}", path, reason);
                    yield unauthorized(refusal);
                  }
                  case Authentication.NoOpinion _ -> unauthorized(refusal);
                });
  }

  private CompletionStage<Authentication> authenticate(Credentials credentials) {
    return authenticator
        .authenticate(credentials)
        .exceptionally(failure -> new Authentication.Rejected(failure.toString()));
  }

  private CompletionStage<HttpResponse> authorize(
      User user,
      RequestAttributes attributes,
      Supplier<CompletionStage<HttpResponse>> handler,
      BiFunction<Integer, String, HttpResponse> refusal) {
    return authorizer
        .allows(user, attributes)
        .<Supplier<CompletionStage<HttpResponse>>>handle(
            (allowed, failure) -> {
              if (failure != null) {
                log.warn(
                    "Authorization error {}: {}", attributes.describe(user), failure.toString());
                return refuse(refusal, 500, "Authorization error " + attributes.describe(user));
              }
              return allowed
                  ? handler
                  : refuse(refusal, 403, "Forbidden " + attributes.describe(user));
            })
        .thenCompose(Supplier::get);
  }

  private static CompletionStage<HttpResponse> unauthorized(
      BiFunction<Integer, String, HttpResponse> refusal) {
    return refuse(refusal, 401, "Unauthorized").get();
  }

  private static Supplier<CompletionStage<HttpResponse>> refuse(
      BiFunction<Integer, String, HttpResponse> refusal, int status, String text) {
    return () -> CompletableFuture.completedFuture(refusal.apply(status, text));
  }

  private static Credentials credentials(HttpRequest request) {
    var certificates =
        request
            .getAttribute(AttributeKeys.sslSession)
            .map(info -> certificates(info.getSession()))
            .orElse(List.of());
    return new Credentials(certificates, BearerToken.of(request));
  }

  private static List<X509Certificate> certificates(SSLSession session) {
    try {
      return Arrays.stream(session.getPeerCertificates()).map(Gate::x509).toList();
    } catch (SSLPeerUnverifiedException _) {
      return List.of();
    }
  }

  private static X509Certificate x509(Certificate certificate) {
    return (X509Certificate) certificate;
  }
}
