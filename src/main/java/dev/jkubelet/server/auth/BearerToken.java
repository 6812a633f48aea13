package dev.jkubelet.server.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * A request's bearer token: of the {@code Authorization} header, else of the subprotocol by which a
 * browser's WebSocket, which can't set headers, shows one.
 */
final class BearerToken {
  private static final String SUBPROTOCOL = "base64url.bearer.authorization.k8s.io.";

  private BearerToken() {}

  static Optional<String> of(HttpRequest request) {
    return ofHeader(request).or(() -> ofSubprotocol(request));
  }

  private static Optional<String> ofHeader(HttpRequest request) {
    return request
        .getHeader("authorization")
        .map(header -> header.value().strip().split(" ", 3))
        .filter(parts -> parts.length > 1 && parts[0].equalsIgnoreCase("bearer"))
        .map(parts -> parts[1])
        .filter(token -> !token.isEmpty());
  }

  /** The only one, next to at least one protocol that can be agreed upon. */
  private static Optional<String> ofSubprotocol(HttpRequest request) {
    var offered =
        values(request, "sec-websocket-protocol").stream()
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .map(String::strip)
            .toList();
    var tokens = offered.stream().filter(name -> name.startsWith(SUBPROTOCOL)).toList();
    boolean webSocket =
        values(request, "upgrade").stream()
            .anyMatch(value -> value.toLowerCase(Locale.ROOT).equals("websocket"));
    return webSocket && tokens.size() == 1 && offered.size() > 1
        ? decode(tokens.getFirst().substring(SUBPROTOCOL.length()))
        : Optional.empty();
  }

  private static List<String> values(HttpRequest request, String name) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is(name))
        .map(HttpHeader::value)
        .toList();
  }

  private static Optional<String> decode(String encoded) {
    try {
      var bytes = Base64.getUrlDecoder().decode(encoded);
      return Optional.of(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString())
          .filter(token -> !token.isEmpty());
    } catch (IllegalArgumentException | CharacterCodingException _) {
      return Optional.empty();
    }
  }
}
