package dev.jkubelet.probe;

import dev.jkubelet.probe.HttpTarget.Header;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One GET on a connection of its own, never kept: probes of one address must not share fate.
 * Redirects to the same host are followed, as the kubelet's probes do. Certificates are not
 * verified. Blocks; an interrupt ends it.
 */
final class HttpGet {
  private static final int MAX_REDIRECTS = 10;
  private static final String AGENT = "kube-probe/1.20";

  private final HttpTarget target;

  HttpGet(HttpTarget target) {
    this.target = target;
  }

  /** The last answer of all redirects; one that leads to another host counts as the last. */
  HttpAnswer run() throws IOException {
    var url = target.url();
    var host = header("Host");
    for (int hop = 1; hop <= MAX_REDIRECTS; hop++) {
      var answer = get(url, host);
      var next = redirect(url, answer);
      if (next.isEmpty() || !host(next.get()).equalsIgnoreCase(host(url))) {
        return answer;
      }
      // A Host of the caller's own holds for what is relative to it.
      if (!answer.header("location").orElse("").startsWith("/")) {
        host = Optional.empty();
      }
      url = next.get();
    }
    throw new IOException("stopped after " + MAX_REDIRECTS + " redirects");
  }

  private static Optional<URI> redirect(URI url, HttpAnswer answer) throws IOException {
    return switch (answer.status()) {
      case 301, 302, 303, 307, 308 -> {
        var place =
            answer
                .header("location")
                .orElseThrow(
                    () -> new IOException(answer.status() + " response missing Location header"));
        try {
          yield Optional.of(url.resolve(place)).filter(next -> next.getRawAuthority() != null);
        } catch (IllegalArgumentException _) {
          throw new IOException("failed to parse Location header \"" + place + '"');
        }
      }
      default -> Optional.empty();
    };
  }

  private HttpAnswer get(URI url, Optional<String> host) throws IOException {
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    var name = host(url);
    try (var plain = Dial.tcp(name, port);
        var socket = secure ? AnyCertificate.over(plain, name, port) : plain) {
      send(socket, url, host);
      return HttpAnswer.read(new BufferedInputStream(socket.getInputStream()));
    }
  }

  private void send(Socket socket, URI url, Optional<String> host) throws IOException {
    var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    var head = new StringBuilder("GET " + path + query + " HTTP/1.1\r\n");
    line(head, "Host", host.orElseGet(url::getRawAuthority));
    if (header("User-Agent").isEmpty()) {
      line(head, "User-Agent", AGENT);
    }
    if (header("Accept").isEmpty()) {
      line(head, "Accept", "*/*");
    }
    for (var header : target.headers()) {
      var name = header.name().toLowerCase(Locale.ROOT);
      boolean unsaid = name.equals("accept") && header.value().isEmpty();
      if (!unsaid && !List.of("host", "connection").contains(name)) {
        line(head, header.name(), header.value());
      }
    }
    line(head, "Connection", "close");
    socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Also where Java's URI sees none, as in a name with an underscore. */
  private static String host(URI url) {
    var host = url.getHost() == null ? url.getRawAuthority().split(":", 2)[0] : url.getHost();
    return host.replace("[", "").replace("]", "");
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value.replaceAll("[\r\n]", " ")).append("\r\n");
  }

  private Optional<String> header(String name) {
    return target.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
