package dev.jkubelet.stats;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** JSON as Go's encoder writes it. */
final class GoJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GoJson() {}

  static byte[] compact(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** As {@code json.MarshalIndent(value, "", " ")}. */
  static byte[] indented(Object value) {
    try {
      return MAPPER.writer(new OneSpace()).writeValueAsBytes(value);
    } catch (JsonProcessingException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Writes as {@link #indented} does, piece by piece. */
  static JsonGenerator indenting(OutputStream out) throws IOException {
    return MAPPER.createGenerator(out).setPrettyPrinter(new OneSpace());
  }

  /** Each entry on its own line, no blank before a colon, nothing within what is empty. */
  private static final class OneSpace extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1L;

    OneSpace() {
      super(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""));
      var indenter = new DefaultIndenter(" ", "\n");
      indentObjectsWith(indenter);
      indentArraysWith(indenter);
    }

    @Override
    public DefaultPrettyPrinter createInstance() {
      return new OneSpace();
    }
  }
}
