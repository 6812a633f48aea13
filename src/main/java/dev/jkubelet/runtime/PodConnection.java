package dev.jkubelet.runtime;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/** A connection to a port inside a pod's network. */
public interface PodConnection extends AutoCloseable {
  /** The next bytes, one call at a time; empty when the pod sends no more. */
  CompletionStage<ByteString> read();

  /** Sends, one call at a time; ends when the kernel took the bytes. */
  CompletionStage<Void> write(ByteString bytes);

  /** Sends no more; reading goes on. */
  CompletionStage<Void> endOutput();

  /** Never blocks. */
  @Override
  void close();
}
