package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.ResetStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.FutureConverters;

/**
 * Forwards connections into a pod, each by a data and an error stream of the client's. A slow
 * server does not hold up the other connections at once; but when much is on its way to it, nothing
 * is read any more.
 */
final class PortForward extends GraphStage<FlowShape<Frame, Frame>> {
  static final String PROTOCOL_NAME = "portforward.k8s.io";

  private static final Logger log = LoggerFactory.getLogger(PortForward.class);

  private final IntFunction<CompletionStage<PodConnection>> connect;
  private final String sandboxId;
  private final Duration creationLimit;

  private final Inlet<Frame> frames = Inlet.create("portforward.frames");
  private final Outlet<Frame> answers = Outlet.create("portforward.answers");
  private final FlowShape<Frame, Frame> shape = FlowShape.of(frames, answers);

  /**
   * @param connect opens a connection to a port of the pod
   * @param creationLimit between a connection's first stream and its second
   */
  PortForward(
      IntFunction<CompletionStage<PodConnection>> connect,
      String sandboxId,
      Duration creationLimit) {
    this.connect = connect;
    this.sandboxId = sandboxId;
    this.creationLimit = creationLimit;
  }

  @Override
  public FlowShape<Frame, Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private record Outgoing(Frame frame, Runnable sent) {}

  private final class Logic extends TimerGraphStageLogic implements ForwardedConnection.Session {
    /** By request, those that lack a stream. */
    private final Map<String, ForwardedConnection> halves = new HashMap<>();

    private final Map<Integer, ForwardedConnection> byStream = new HashMap<>();
    private final Deque<Outgoing> outgoing = new ArrayDeque<>();
    private final AsyncCallback<Runnable> back =
        createAsyncCallback(
            (Runnable then) -> {
              then.run();
              move();
            });

    private Logic() {
      super(shape);
      setHandlers(
          frames,
          answers,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              received(grab(frames));
              move();
            }

            @Override
            public void onPull() {
              move();
            }
          });
    }

    private void move() {
      byStream.values().removeIf(ForwardedConnection::isOver);
      if (isAvailable(answers) && !outgoing.isEmpty()) {
        var next = outgoing.poll();
        push(answers, next.frame());
        next.sent().run();
      }
      if (outgoing.isEmpty() && !isClosed(frames) && !hasBeenPulled(frames) && nobodyIsSlow()) {
        pull(frames);
      }
    }

    private boolean nobodyIsSlow() {
      return byStream.values().stream().noneMatch(ForwardedConnection::isSlow);
    }

    @Override
    public void send(Frame frame, Runnable sent) {
      outgoing.add(new Outgoing(frame, sent));
    }

    @Override
    public <T> void when(CompletionStage<T> stage, BiConsumer<T, Throwable> then) {
      stage.whenComplete((value, failure) -> back.invoke(() -> then.accept(value, failure)));
    }

    private void received(Frame frame) {
      switch (frame) {
        case Frame.SynStream opened -> opened(opened);
        case Frame.Data(var id, var bytes, var ended) ->
            of(id).ifPresent(connection -> connection.fromClient(id, bytes, ended));
        case Frame.RstStream(var id, _) -> of(id).ifPresent(ForwardedConnection::finish);
        case Frame.SynReply _,
            Frame.Headers _,
            Frame.Settings _,
            Frame.Ping _,
            Frame.GoAway _,
            Frame.WindowUpdate _ -> {}
      }
    }

    private Optional<ForwardedConnection> of(int streamId) {
      return Optional.ofNullable(byStream.get(streamId));
    }

    private void opened(Frame.SynStream opened) {
      int id = opened.streamId();
      try {
        var headers = PortHeaders.of(opened);
        send(new Frame.SynReply(id, Map.of(), false), () -> {});
        var connection = half(headers);
        if (connection.add(id, headers.isError())) {
          byStream.put(id, connection);
          connection.fromClient(id, ByteString.emptyByteString(), opened.ended());
          if (connection.isComplete()) {
            cancelTimer(connection);
            halves.remove(connection.requestId());
            connect(connection);
          }
        }
      } catch (PortHeaders.Invalid invalid) {
        log.warn("Stream rejected: {}", invalid.getMessage());
        send(new Frame.RstStream(id, ResetStatus.CANCEL.code()), () -> {});
      }
    }

    private ForwardedConnection half(PortHeaders headers) {
      return halves.computeIfAbsent(
          headers.requestId(),
          requestId -> {
            var connection = new ForwardedConnection(this, requestId, headers.port());
            scheduleOnce(connection, creationLimit);
            return connection;
          });
    }

    /** A connection that comes when the client has left already is closed at once. */
    private void connect(ForwardedConnection connection) {
      connect
          .apply(connection.port())
          .whenComplete(
              (pod, failure) -> {
                if (failure != null) {
                  back.invoke(() -> connection.refused(sandboxId, failure));
                  return;
                }
                FutureConverters.asJava(back.invokeWithFeedback(() -> connection.connected(pod)))
                    .whenComplete(
                        (_, tooLate) -> {
                          if (tooLate != null) {
                            pod.close();
                          }
                        });
              });
    }

    @Override
    public void onTimer(Object key) {
      var connection = (ForwardedConnection) key;
      var text = "request=%s timed out waiting for streams".formatted(connection.requestId());
      log.info("{}", text);
      halves.remove(connection.requestId());
      connection.say(text);
      connection.finish();
      move();
    }

    @Override
    public void postStop() {
      byStream.values().forEach(ForwardedConnection::finish);
    }
  }
}
