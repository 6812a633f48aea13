package dev.jkubelet.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerTokenTest {
  @ParameterizedTest
  @CsvSource({
    "Bearer abc, abc",
    "bearer abc rest, abc",
    "'  Bearer abc ', abc",
    "Bearer,",
    "'Bearer  abc',",
    "Basic abc,",
  })
  void isTheSecondWordOfTheHeader(String header, String token) {
    assertThat(
            BearerToken.of(
                HttpRequest.create().addHeader(RawHeader.create("Authorization", header))))
        .isEqualTo(Optional.ofNullable(token));
  }

  @ParameterizedTest
  @CsvSource({
    "'v4.channel.k8s.io, base64url.bearer.authorization.k8s.io.YWJj', abc",
    "base64url.bearer.authorization.k8s.io.YWJj,",
    "'x, base64url.bearer.authorization.k8s.io.YWJj, base64url.bearer.authorization.k8s.io.YWJj',",
    "'x, base64url.bearer.authorization.k8s.io.!',",
  })
  void isTheSubprotocolOfAWebSocket(String protocols, String token) {
    var plain =
        HttpRequest.create().addHeader(RawHeader.create("Sec-WebSocket-Protocol", protocols));

    assertThat(BearerToken.of(plain)).isEmpty();
    assertThat(BearerToken.of(plain.addHeader(RawHeader.create("Upgrade", "WebSocket"))))
        .isEqualTo(Optional.ofNullable(token));
  }
}
