package dev.jkubelet.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.server.auth.ClientCertificates;
import dev.jkubelet.server.auth.RequestAttributes;
import dev.jkubelet.server.auth.User;
import dev.jkubelet.stats.KubeletMetrics;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Port 10250: the kubelet's API, behind authentication and authorization. */
final class KubeletRoutes {
  private final ServerSettings settings;
  private final Optional<ClientCertificates> certificates;
  private final NodeQueries node;
  private final PodLists lists;
  private final LogRoutes logs;
  private final HostLogs hostLogs;
  private final ReadOnlyRoutes shared;
  private final byte[] configz;

  KubeletRoutes(
      ServerSettings settings,
      Optional<ClientCertificates> certificates,
      HealthzRoutes health,
      NodeQueries node,
      PodLists lists,
      LogRoutes logs,
      HostLogs hostLogs,
      KubeletMetrics metrics) {
    this.settings = settings;
    this.certificates = certificates;
    this.node = node;
    this.lists = lists;
    this.logs = logs;
    this.hostLogs = hostLogs;
    this.shared = new ReadOnlyRoutes(health, node, lists, metrics);
    try {
      this.configz = new ObjectMapper().writeValueAsBytes(settings.configz());
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the configuration can't be written as JSON", impossible);
    }
  }

  /** One place decides who may, before any path is looked at. */
  CompletionStage<HttpResponse> handle(HttpRequest request) {
    var path = request.getUri().path();
    var user = authenticate(request);
    if (user.isEmpty()) {
      return CompletableFuture.completedStage(Replies.error(401, "Unauthorized"));
    }
    if (!settings.alwaysAllow()) {
      var wants = RequestAttributes.of(request.method().name(), path);
      return CompletableFuture.completedStage(
          Replies.error(
              403,
              "Forbidden (user=%s, verb=%s, resource=nodes, subresource=%s)"
                  .formatted(user.get().name(), wants.verb(), wants.subresource())));
    }
    return route(request, path);
  }

  private CompletionStage<HttpResponse> route(HttpRequest request, String path) {
    if (LogRoutes.owns(path)) {
      return logs.handle(request, path);
    }
    if (path.startsWith("/logs/")) {
      return request.method().equals(HttpMethods.GET)
          ? hostLogs.handle(path)
          : CompletableFuture.completedStage(Replies.methodNotAllowed());
    }
    return switch (path) {
      case "/runningpods/" ->
          node.pods().thenApply(pods -> Replies.bytes(Replies.JSON, lists.running(pods)));
      case "/configz" -> CompletableFuture.completedStage(Replies.bytes(Replies.JSON, configz));
      default -> shared.shared(request, path);
    };
  }

  private Optional<User> authenticate(HttpRequest request) {
    var chain = chain(request);
    if (!chain.isEmpty() && certificates.isPresent()) {
      return certificates.get().user(chain);
    }
    if (request.getHeader("Authorization").isPresent()) {
      return Optional.empty();
    }
    return settings.anonymous() ? Optional.of(User.ANONYMOUS) : Optional.empty();
  }

  private static List<X509Certificate> chain(HttpRequest request) {
    var session = request.getAttribute(AttributeKeys.sslSession);
    if (session.isEmpty()) {
      return List.of();
    }
    try {
      var chain = new ArrayList<X509Certificate>();
      for (var certificate : session.get().getSession().getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return chain;
    } catch (SSLPeerUnverifiedException _) {
      return List.of();
    }
  }
}
