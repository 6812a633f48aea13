package dev.jkubelet.server;

import dev.jkubelet.stats.MetricsFormat;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** Metrics as they are when they are asked for. */
@FunctionalInterface
public interface MetricsText {
  /** Must not block. */
  CompletionStage<ByteString> in(MetricsFormat format);
}
