package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerSample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.pekko.util.ByteString;

/**
 * v2.1's summary: percentiles of what was used in the last minute, hour and day. Only two minutes
 * are kept, and {@code percent_complete} says so.
 */
final class SummaryJson {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long NANOS_PER_MILLICORE = 1_000_000;

  private SummaryJson() {}

  /** One moment: thousandths of a core, and the working set in bytes. */
  private record Use(long nanos, long milliCores, long memory) {}

  static ByteString of(List<ContainerRecord> records) {
    return Json.of(
        out -> {
          out.writeStartObject();
          for (var record : records) {
            out.writeFieldName(record.path());
            summary(out, record);
          }
          out.writeEndObject();
        });
  }

  private static void summary(JsonGenerator out, ContainerRecord record) throws IOException {
    var uses = uses(record.history().samples());
    out.writeStartObject();
    out.writeStringField("timestamp", Json.time(record.latest().time()));
    out.writeObjectFieldStart("latest_usage");
    out.writeNumberField("cpu", record.nanoCores().orElse(0L) / NANOS_PER_MILLICORE);
    out.writeNumberField("memory", record.latest().memory().workingSet());
    out.writeEndObject();
    usage(out, "minute_usage", uses, MINUTE);
    usage(out, "hour_usage", uses, Duration.ofHours(1));
    usage(out, "day_usage", uses, Duration.ofDays(1));
    out.writeEndObject();
  }

  private static List<Use> uses(List<ContainerSample> samples) {
    var uses = new ArrayList<Use>();
    for (int i = 1; i < samples.size(); i++) {
      var before = samples.get(i - 1);
      var now = samples.get(i);
      long nanos = now.nanos() - before.nanos();
      long used = Math.max(0, now.cpu().total() - before.cpu().total());
      if (nanos > 0) {
        uses.add(new Use(now.nanos(), used * 1000 / nanos, now.memory().workingSet()));
      }
    }
    return uses;
  }

  private static void usage(JsonGenerator out, String name, List<Use> all, Duration period)
      throws IOException {
    long newest = all.isEmpty() ? 0 : all.getLast().nanos();
    var within = all.stream().filter(u -> newest - u.nanos() <= period.toNanos()).toList();
    long span = within.isEmpty() ? 0 : newest - within.getFirst().nanos();
    // Readings come once a second or two: a minute is whole when the first is that near its begin.
    long slack = Duration.ofSeconds(2).toNanos();
    out.writeObjectFieldStart(name);
    out.writeNumberField(
        "percent_complete", span == 0 ? 0 : Math.min(100, (span + slack) * 100 / period.toNanos()));
    percentiles(out, "cpu", within, Use::milliCores);
    percentiles(out, "memory", within, Use::memory);
    out.writeEndObject();
  }

  private static void percentiles(
      JsonGenerator out, String name, List<Use> uses, ToLongFunction<Use> value)
      throws IOException {
    var sorted = uses.stream().mapToLong(value).sorted().toArray();
    out.writeObjectFieldStart(name);
    out.writeBooleanField("present", sorted.length > 0);
    out.writeNumberField("mean", (long) Arrays.stream(sorted).average().orElse(0));
    out.writeNumberField("max", sorted.length == 0 ? 0 : sorted[sorted.length - 1]);
    out.writeNumberField("fifty", percentile(sorted, 0.5));
    out.writeNumberField("ninety", percentile(sorted, 0.9));
    out.writeNumberField("ninetyfive", percentile(sorted, 0.95));
    out.writeEndObject();
  }

  /** Between two values, what lies between them. */
  static long percentile(long[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return (long) (sorted[below] + (place - below) * (sorted[above] - sorted[below]));
  }
}
