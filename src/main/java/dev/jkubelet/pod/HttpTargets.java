package dev.jkubelet.pod;

import dev.jkubelet.probe.HttpTarget;
import dev.jkubelet.probe.HttpTarget.Header;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import java.util.List;
import java.util.Optional;

/** From the spec of an HTTP GET to what is asked of whom. */
final class HttpTargets {
  private HttpTargets() {}

  /**
   * As the spec says.
   *
   * @param podHost where it does not
   */
  static HttpTarget of(HTTPGetAction get, String podHost, int port) {
    return new HttpTarget(
        orElse(get.getScheme(), "http"),
        orElse(get.getHost(), podHost),
        port,
        Optional.ofNullable(get.getPath()).orElse(""),
        Optional.ofNullable(get.getHttpHeaders()).orElse(List.of()).stream()
            .map(header -> new Header(header.getName(), orElse(header.getValue(), "")))
            .toList());
  }

  static String orElse(String text, String otherwise) {
    return text == null || text.isEmpty() ? otherwise : text;
  }
}
