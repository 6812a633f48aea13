package dev.jkubelet.server.stream;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** A request's wish for another protocol, read as the kubelet does. */
final class UpgradeRequest {
  static final String SPDY = "SPDY/3.1";

  /** SPDY in a WebSocket's messages, which kubectl tries first to forward ports. */
  static final String TUNNEL = SPDY + "+portforward.k8s.io";

  static final String VERSION = "X-Stream-Protocol-Version";
  static final String ACCEPTED_VERSIONS = "X-Accepted-Stream-Protocol-Versions";

  private static final Pattern WITH_UPGRADE = Pattern.compile("(^|.*,\\s*)upgrade($|\\s*,.*)");

  private final HttpRequest request;

  UpgradeRequest(HttpRequest request) {
    this.request = request;
  }

  /** Whether it wishes for any other protocol. */
  boolean isUpgrade() {
    return values("connection").stream()
        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
  }

  boolean isWebSocket() {
    return values("upgrade").stream().anyMatch(value -> value.equalsIgnoreCase("websocket"))
        && values("connection").stream()
            .anyMatch(value -> WITH_UPGRADE.matcher(value.toLowerCase(Locale.ROOT)).matches());
  }

  /** Pekko knows only names that are tokens, and this one has a slash. */
  boolean isTunnel() {
    return isWebSocket() && list("sec-websocket-protocol").contains(TUNNEL);
  }

  boolean isSpdy() {
    return isUpgrade()
        && values("upgrade").stream()
            .anyMatch(
                value -> value.toLowerCase(Locale.ROOT).contains(SPDY.toLowerCase(Locale.ROOT)));
  }

  /** The protocols that a SPDY client can speak, in its order. */
  List<String> versions() {
    return list(VERSION.toLowerCase(Locale.ROOT));
  }

  /** The first that the server speaks, too. */
  Optional<String> negotiate(List<String> accepted) {
    return versions().stream().filter(accepted::contains).findFirst();
  }

  private List<String> list(String lowercaseName) {
    return values(lowercaseName).stream()
        .flatMap(value -> Stream.of(value.split(",", -1)))
        .filter(item -> !item.isBlank())
        .map(String::strip)
        .toList();
  }

  private List<String> values(String lowercaseName) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is(lowercaseName))
        .map(HttpHeader::value)
        .toList();
  }
}
