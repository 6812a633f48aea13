package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jkubelet.model.json.GoEscapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;

/** JSON as Go's encoder writes it, straight into bytes. */
final class Json {
  private static final JsonFactory FACTORY =
      new JsonMapper().getFactory().setCharacterEscapes(new GoEscapes());
  private static final Pattern IDLE_ZEROS = Pattern.compile("\\.?0+Z$");

  private Json() {}

  /** What writes one value. */
  interface Value {
    void write(JsonGenerator out) throws IOException;
  }

  static ByteString of(Value value) {
    var bytes = new ByteArrayBuilder();
    try (var out = FACTORY.createGenerator(bytes)) {
      value.write(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }

  /** A number under its name, left out when it is zero, as Go's omitempty does. */
  static void unlessZero(JsonGenerator out, String name, long value) throws IOException {
    if (value != 0) {
      out.writeNumberField(name, value);
    }
  }

  /** A text under its name, left out when it is empty. */
  static void unlessEmpty(JsonGenerator out, String name, String value) throws IOException {
    if (!value.isEmpty()) {
      out.writeStringField(name, value);
    }
  }

  /** A map of texts, by key, left out when it is empty. */
  static void unlessEmpty(JsonGenerator out, String name, Map<String, String> values)
      throws IOException {
    if (!values.isEmpty()) {
      out.writeObjectFieldStart(name);
      for (var entry : new TreeMap<>(values).entrySet()) {
        out.writeStringField(entry.getKey(), entry.getValue());
      }
      out.writeEndObject();
    }
  }

  /** Names with a number each, in this order. */
  static void numbers(JsonGenerator out, String name, String[] names, long... values)
      throws IOException {
    out.writeObjectFieldStart(name);
    for (int i = 0; i < names.length; i++) {
      out.writeNumberField(names[i], i < values.length ? values[i] : 0);
    }
    out.writeEndObject();
  }

  /** RFC 3339 with as many decimals as there are. */
  static String time(Instant at) {
    var text = at.toString();
    return text.indexOf('.') < 0 ? text : IDLE_ZEROS.matcher(text).replaceFirst("Z");
  }
}
