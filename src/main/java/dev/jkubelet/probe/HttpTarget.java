package dev.jkubelet.probe;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an HTTP GET asks for.
 *
 * @param scheme {@code http} or {@code https}, in any case
 * @param host a name or an address
 * @param path with its query, as the spec has it; what no URL may contain is escaped
 * @param headers in the order of the spec; a name may come twice
 */
public record HttpTarget(String scheme, String host, int port, String path, List<Header> headers) {
  private static final String ALLOWED = "-._~!$&'()*+,;=:@/?%";
  private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9a-fA-F]{2})");

  /** One line of the request's head. */
  public record Header(String name, String value) {}

  URI url() {
    var slash = path.isEmpty() || path.startsWith("/") || path.startsWith("?") ? "" : "/";
    return URI.create(
        scheme.toLowerCase(Locale.ROOT) + "://" + Dial.address(host, port) + slash + escaped());
  }

  private String escaped() {
    var text = LONE_PERCENT.matcher(path).replaceAll("%25").getBytes(StandardCharsets.UTF_8);
    var out = new StringBuilder();
    for (var octet : text) {
      boolean plain =
          octet > 0 && (Character.isLetterOrDigit(octet) || ALLOWED.indexOf(octet) >= 0);
      out.append(plain ? Character.toString(octet) : "%%%02X".formatted(octet));
    }
    return out.toString();
  }
}
