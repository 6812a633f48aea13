package dev.jkubelet.server.stream.spdy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * The rules of a connection's streams, seen from the server: which frames of the client concern the
 * inside, what is answered at once, and what may be sent when.
 *
 * <p>The Go library of kubectl and the API server (spdystream) neither keeps nor tells windows, and
 * would wait forever for a server that does; so windows bind this side once the peer mentions them.
 * What is read is always credited.
 */
final class Streams {
  /** Twice as many as the connections that one port-forward may hold. */
  static final int MAX_STREAMS = 1000;

  static final int DEFAULT_WINDOW = 64 << 10;
  private static final int CREDIT_AT = DEFAULT_WINDOW / 2;

  private final Consumer<Frame> answers;
  private final Map<Integer, OpenStream> open = new HashMap<>();
  private Optional<Frame.Data> held = Optional.empty();
  private int lastId;
  private int initialWindow = DEFAULT_WINDOW;
  private long connectionWindow = DEFAULT_WINDOW;
  private int uncredited;
  private boolean keepsWindows;
  private boolean keepsConnectionWindow;

  /**
   * @param answers takes what is to be sent, in order
   */
  Streams(Consumer<Frame> answers) {
    this.answers = answers;
  }

  /** Whether data waits for the peer to open a window. */
  boolean isHolding() {
    return held.isPresent();
  }

  /** Settles a frame of the peer; what the inside is to know of it. */
  Optional<Frame> received(Frame frame) {
    return switch (frame) {
      case Frame.SynStream opened -> opened(opened);
      case Frame.Data data -> data(data);
      case Frame.RstStream(var id, _) -> forget(id) ? Optional.of(frame) : Optional.empty();
      case Frame.Headers(var id, _, var ended) ->
          ended ? data(new Frame.Data(id, ByteString.emptyByteString(), true)) : Optional.empty();
      case Frame.Ping(var id) -> {
        if (id % 2 != 0) {
          answers.accept(frame);
        }
        yield Optional.empty();
      }
      case Frame.Settings(var window) -> {
        keepsWindows = true;
        window.ifPresent(this::resizeWindows);
        yield Optional.empty();
      }
      case Frame.WindowUpdate(var id, var delta) -> widened(id, delta);
      case Frame.GoAway _ -> Optional.of(frame);
      case Frame.SynReply _ -> Optional.empty();
    };
  }

  private Optional<Frame> opened(Frame.SynStream opened) {
    int id = opened.streamId();
    if (id % 2 == 0 || id <= lastId) {
      reset(id, ResetStatus.PROTOCOL_ERROR);
      return Optional.empty();
    }
    lastId = id;
    if (open.size() >= MAX_STREAMS) {
      reset(id, ResetStatus.REFUSED_STREAM);
      return Optional.empty();
    }
    var stream = new OpenStream(initialWindow);
    stream.peerEnded = opened.ended();
    open.put(id, stream);
    return Optional.of(opened);
  }

  private Optional<Frame> data(Frame.Data data) {
    int id = data.streamId();
    creditConnection(data.bytes().size());
    var stream = open.get(id);
    if (stream == null) {
      // One that was reset here may have data under way.
      if (id > lastId) {
        reset(id, ResetStatus.INVALID_STREAM);
      }
      return Optional.empty();
    }
    if (stream.peerEnded) {
      forget(id);
      reset(id, ResetStatus.STREAM_ALREADY_CLOSED);
      return Optional.of(new Frame.RstStream(id, ResetStatus.STREAM_ALREADY_CLOSED.code()));
    }
    stream.peerEnded = data.ended();
    stream.uncredited += data.bytes().size();
    if (stream.uncredited >= CREDIT_AT && !stream.peerEnded) {
      answers.accept(new Frame.WindowUpdate(id, stream.uncredited));
      stream.uncredited = 0;
    }
    forgetIfOver(id, stream);
    return Optional.of(data);
  }

  /** The whole connection's window, told as stream 0's. */
  private void creditConnection(int bytes) {
    uncredited += bytes;
    if (uncredited >= CREDIT_AT) {
      answers.accept(new Frame.WindowUpdate(0, uncredited));
      uncredited = 0;
    }
  }

  private void resizeWindows(int initial) {
    for (var stream : open.values()) {
      stream.window += initial - initialWindow;
    }
    initialWindow = initial;
    sendHeld();
  }

  private Optional<Frame> widened(int id, int delta) {
    keepsWindows = true;
    Optional<Frame> event = Optional.empty();
    if (id == 0) {
      keepsConnectionWindow = true;
      connectionWindow += delta;
    } else if (open.containsKey(id)) {
      var stream = open.get(id);
      stream.window += delta;
      if (stream.window > Integer.MAX_VALUE) {
        forget(id);
        reset(id, ResetStatus.FLOW_CONTROL_ERROR);
        event = Optional.of(new Frame.RstStream(id, ResetStatus.FLOW_CONTROL_ERROR.code()));
      }
    }
    sendHeld();
    return event;
  }

  /** Sends what the inside wants sent; not while data is held. */
  void command(Frame frame) {
    switch (frame) {
      case Frame.SynReply(var id, _, _) -> {
        if (open.containsKey(id)) {
          answers.accept(frame);
        }
      }
      case Frame.Data data -> {
        held = Optional.of(data);
        sendHeld();
      }
      case Frame.RstStream(var id, _) -> {
        if (forget(id)) {
          answers.accept(frame);
        }
      }
      case Frame.SynStream _,
          Frame.Headers _,
          Frame.Settings _,
          Frame.Ping _,
          Frame.GoAway _,
          Frame.WindowUpdate _ ->
          throw new IllegalArgumentException("not a session's to send: " + frame);
    }
  }

  /** As much of it as the windows and a frame's length allow; the rest is held on. */
  private void sendHeld() {
    while (held.isPresent()) {
      var data = held.get();
      var stream = open.get(data.streamId());
      if (stream == null || stream.weEnded) {
        held = Optional.empty();
        return;
      }
      int size = data.bytes().size();
      int now = Math.min(size, Math.clamp(allowed(stream), 0, FrameWriter.MAX_DATA));
      if (now == 0 && size > 0) {
        return;
      }
      held = now == size ? Optional.empty() : Optional.of(rest(data, now));
      stream.weEnded = now == size && data.ended();
      stream.window -= now;
      connectionWindow -= now;
      answers.accept(new Frame.Data(data.streamId(), data.bytes().take(now), stream.weEnded));
      forgetIfOver(data.streamId(), stream);
    }
  }

  private static Frame.Data rest(Frame.Data data, int sent) {
    return new Frame.Data(data.streamId(), data.bytes().drop(sent), data.ended());
  }

  private long allowed(OpenStream stream) {
    if (!keepsWindows) {
      return Long.MAX_VALUE;
    }
    return keepsConnectionWindow ? Math.min(stream.window, connectionWindow) : stream.window;
  }

  private boolean forget(int id) {
    held = held.filter(data -> data.streamId() != id);
    return open.remove(id) != null;
  }

  private void forgetIfOver(int id, OpenStream stream) {
    if (stream.peerEnded && stream.weEnded) {
      open.remove(id);
    }
  }

  private void reset(int id, ResetStatus status) {
    answers.accept(new Frame.RstStream(id, status.code()));
  }

  /** Resets all streams and says that nothing more is taken. */
  void leave(GoAwayStatus status) {
    held = Optional.empty();
    open.keySet().forEach(id -> reset(id, ResetStatus.CANCEL));
    open.clear();
    answers.accept(new Frame.GoAway(lastId, status.code()));
  }
}
