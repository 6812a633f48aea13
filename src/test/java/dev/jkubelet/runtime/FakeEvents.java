package dev.jkubelet.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/** The fake's event streams: in order and once each, unless told otherwise. */
public final class FakeEvents {
  /** How badly events arrive. */
  public enum Mode {
    DELIVER,
    DROP,
    DUPLICATE,
    /** Each event waits for the next one, and comes after it. */
    REORDER
  }

  private record Stream(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {}

  private final List<Stream> streams = new ArrayList<>();
  private final Queue<RuntimeEvent> pending = new ArrayDeque<>();
  private Mode mode = Mode.DELIVER;
  private RuntimeEvent late;

  synchronized AutoCloseable open(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    var stream = new Stream(onEvent, onEnd);
    streams.add(stream);
    return () -> close(stream);
  }

  private synchronized void close(Stream stream) {
    streams.remove(stream);
  }

  synchronized void mode(Mode newMode) {
    mode = newMode;
  }

  synchronized void add(RuntimeEvent event) {
    switch (mode) {
      case DROP -> {}
      case DELIVER -> pending.add(event);
      case DUPLICATE -> {
        pending.add(event);
        pending.add(event);
      }
      case REORDER -> {
        if (late == null) {
          late = event;
        } else {
          pending.add(event);
          pending.add(late);
          late = null;
        }
      }
    }
  }

  /** Called without any lock held: whoever listens may call the runtime. */
  void deliver() {
    for (var event = next(); event != null; event = next()) {
      for (var stream : open()) {
        stream.onEvent().accept(event);
      }
    }
  }

  private synchronized RuntimeEvent next() {
    return pending.poll();
  }

  private synchronized List<Stream> open() {
    return List.copyOf(streams);
  }

  void endAll(Throwable cause) {
    List<Stream> ended;
    synchronized (this) {
      ended = List.copyOf(streams);
      streams.clear();
      pending.clear();
      late = null;
    }
    ended.forEach(stream -> stream.onEnd().accept(cause));
  }
}
