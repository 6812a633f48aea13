package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * Takes apart the stream of a process without a terminal: heads of eight bytes (which stream, how
 * many bytes) and bytes, cut anywhere. Bytes are passed on as they come.
 */
final class RawStream {
  private static final int HEAD = 8;

  private ByteString pending = ByteString.emptyByteString();
  private Output.Stream stream = Output.Stream.STDOUT;
  private long left;

  /** What the bytes hold; pieces of one stream that follow on each other are one. */
  List<Output> feed(ByteString bytes) throws IOException {
    pending = pending.isEmpty() ? bytes : pending.concat(bytes);
    var outputs = new ArrayList<Output>();
    while (left > 0 ? !pending.isEmpty() : pending.size() >= HEAD) {
      if (left == 0) {
        var head = pending.take(HEAD).asByteBuffer();
        stream = stream(head.get());
        left = Integer.toUnsignedLong(head.getInt(Integer.BYTES));
        pending = pending.drop(HEAD);
      } else {
        var part = pending.take((int) Math.min(left, pending.size()));
        pending = pending.drop(part.size());
        left -= part.size();
        add(outputs, new Output(stream, part));
      }
    }
    return outputs;
  }

  private static void add(List<Output> outputs, Output next) {
    if (!outputs.isEmpty() && outputs.getLast().stream() == next.stream()) {
      var joined = outputs.removeLast().bytes().concat(next.bytes());
      outputs.add(new Output(next.stream(), joined));
    } else {
      outputs.add(next);
    }
  }

  /** 0 is stdin, as the engine calls what it echoes; 3 its own errors, which end the stream. */
  private static Output.Stream stream(byte type) throws IOException {
    return switch (type) {
      case 0, 1 -> Output.Stream.STDOUT;
      case 2, 3 -> Output.Stream.STDERR;
      default -> throw new IOException("the engine's stream has a part of type " + type);
    };
  }
}
