package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.util.ByteString;

/**
 * One chart of a container's page: lines over the same moments.
 *
 * @param seconds since 1970, rising
 */
record Chart(String title, Unit unit, List<Double> seconds, List<Line> lines) {
  /**
   * A line, or a mark that stays where it is.
   *
   * @param values one for each moment; NaN where there is none
   */
  record Line(String name, List<Double> values) {
    /** The newest; NaN when there is none. */
    double latest() {
      return values.isEmpty() ? Double.NaN : values.getLast();
    }
  }

  /** Columns, as the charts' script takes them. */
  static ByteString json(List<Chart> charts) {
    return Json.of(
        out -> {
          out.writeStartArray();
          for (var chart : charts) {
            chart.write(out);
          }
          out.writeEndArray();
        });
  }

  private void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("title", title);
    out.writeStringField("unit", unit.name().toLowerCase(Locale.ROOT));
    out.writeFieldName("seconds");
    values(out, seconds);
    out.writeArrayFieldStart("lines");
    for (var line : lines) {
      out.writeStartObject();
      out.writeStringField("name", line.name());
      out.writeStringField("latest", unit.text(line.latest()));
      out.writeFieldName("values");
      values(out, line.values());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void values(JsonGenerator out, List<Double> values) throws IOException {
    out.writeStartArray();
    for (double value : values) {
      if (Double.isNaN(value)) {
        out.writeNull();
      } else {
        out.writeNumber(value);
      }
    }
    out.writeEndArray();
  }
}
