package dev.jkubelet.server;

import dev.jkubelet.runtime.StandardStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a streaming request's query asks for. Besides the kubelet's own names and {@code 1}, those
 * of the API server's exec and port-forward are taken, so that its clients work here too.
 */
final class StreamParameters {
  private static final Set<String> YES = Set.of("1", "true");

  private StreamParameters() {}

  /** What is wrong with it, in the kubelet's words. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    private Invalid(String message) {
      super(message);
    }
  }

  /** With a terminal there is no stderr, asked for or not. */
  static StandardStreams streams(Query query) throws Invalid {
    var tty = isSet(query, "tty", "tty");
    var stdin = isSet(query, "input", "stdin");
    var stdout = isSet(query, "output", "stdout");
    var stderr = isSet(query, "error", "stderr") && !tty;
    if (!stdin && !stdout && !stderr) {
      throw new Invalid("you must specify at least 1 of stdin, stdout, stderr");
    }
    return new StandardStreams(stdin, stdout, stderr, tty);
  }

  private static boolean isSet(Query query, String name, String apiName) {
    return query.first(name).or(() -> query.first(apiName)).filter(YES::contains).isPresent();
  }

  /** The ports that a WebSocket client wants forwarded, at least one. */
  static List<Integer> ports(Query query) throws Invalid {
    var texts = query.has("port") ? query.all("port") : query.all("ports");
    if (texts.isEmpty()) {
      throw new Invalid("query parameter \"port\" is required");
    }
    var ports = new ArrayList<Integer>();
    for (var text : texts) {
      if (text.isEmpty()) {
        throw new Invalid("query parameter \"port\" cannot be empty");
      }
      for (var number : text.split(",", -1)) {
        ports.add(port(number, text));
      }
    }
    return ports;
  }

  private static int port(String number, String text) throws Invalid {
    if (!number.matches("\\d+")) {
      throw new Invalid(unparsed(number, text, "invalid syntax"));
    }
    if (number.length() > 9 || Integer.parseInt(number) > 0xffff) {
      throw new Invalid(unparsed(number, text, "value out of range"));
    }
    int port = Integer.parseInt(number);
    if (port < 1) {
      throw new Invalid("port " + GoQuote.quote(text) + " must be > 0");
    }
    return port;
  }

  private static String unparsed(String number, String text, String why) {
    return "unable to parse %s as a port: strconv.ParseUint: parsing %s: %s"
        .formatted(GoQuote.quote(text), GoQuote.quote(number), why);
  }
}
