package dev.jkubelet.server.stream.spdy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a SPDY/3.1 connection. To the inside come the frames that concern streams
 * (SYN_STREAM of new ones, DATA, RST_STREAM); from there SYN_REPLY, DATA and RST_STREAM go out. The
 * rest is settled here, by {@link Streams}. When the inside completes, open streams are reset,
 * GOAWAY is sent, and the client has a few seconds to take what is under way and close.
 *
 * <p>Nothing is read while the inside wants nothing, and nothing is taken from the inside while the
 * network takes nothing: TCP's own back-pressure reaches from end to end, and SPDY's windows come
 * on top.
 */
public final class SpdyConnection
    extends GraphStage<BidiShape<ByteString, Frame, Frame, ByteString>> {
  private static final Logger log = LoggerFactory.getLogger(SpdyConnection.class);

  /** Answers that wait for the network; a peer that asks on without reading is not heard. */
  private static final int MAX_WAITING = 64;

  /** Closing at once would have the kernel discard what is under way to the client. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  /** Only writing shows that a client is gone which could not say so. */
  private static final Duration PING_PERIOD = Duration.ofSeconds(30);

  private static final String LINGER_OVER = "linger";
  private static final String PING = "ping";

  private final Inlet<ByteString> network = Inlet.create("spdy.network");
  private final Outlet<Frame> events = Outlet.create("spdy.events");
  private final Inlet<Frame> commands = Inlet.create("spdy.commands");
  private final Outlet<ByteString> wire = Outlet.create("spdy.wire");
  private final BidiShape<ByteString, Frame, Frame, ByteString> shape =
      BidiShape.of(network, events, commands, wire);

  private SpdyConnection() {}

  public static BidiFlow<ByteString, Frame, Frame, ByteString, NotUsed> create() {
    return BidiFlow.fromGraph(new SpdyConnection());
  }

  @Override
  public BidiShape<ByteString, Frame, Frame, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final FrameReader reader = new FrameReader();
    private final FrameWriter writer = new FrameWriter();
    private final Deque<ByteString> waiting = new ArrayDeque<>();
    private final Streams streams = new Streams(this::send);
    private int lastPing;
    private boolean leaving;

    private Logic() {
      super(shape);
      setHandler(
          network,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              var bytes = grab(network);
              if (!leaving) {
                reader.feed(bytes);
              }
              advance();
            }

            @Override
            public void onUpstreamFinish() {
              advance();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              log.debug("The connection broke: {}", failure.toString());
              completeStage();
            }
          });
      setHandler(
          events,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              advance();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              advance();
            }
          });
      setHandler(
          commands,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              streams.command(grab(commands));
              advance();
            }

            @Override
            public void onUpstreamFinish() {
              advance();
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              log.warn("A session failed", failure);
              leave(GoAwayStatus.INTERNAL_ERROR);
            }
          });
      setHandler(
          wire,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              advance();
            }
          });
    }

    @Override
    public void preStart() {
      scheduleAtFixedRate(PING, PING_PERIOD, PING_PERIOD);
      pull(commands);
    }

    /** All that can be done now: hand frames inwards, bytes outwards, and ask for more. */
    private void advance() {
      try {
        handInwards();
      } catch (MalformedFrame malformed) {
        log.info("A client's frame is malformed: {}", malformed.getMessage());
        leave(GoAwayStatus.PROTOCOL_ERROR);
      }
      if (!leaving && isClosed(commands) && !streams.isHolding()) {
        leave(GoAwayStatus.OK);
      }
      move();
    }

    private void handInwards() throws MalformedFrame {
      while (!leaving && isAvailable(events)) {
        var next = reader.next();
        if (next.isPresent()) {
          streams.received(next.get()).ifPresent(this::handInwards);
        } else if (isClosed(network)) {
          complete(events);
        } else {
          return;
        }
      }
    }

    /** After GOAWAY a Go client has nothing more to say: it is leaving. */
    private void handInwards(Frame frame) {
      if (frame instanceof Frame.GoAway) {
        complete(events);
      } else {
        push(events, frame);
      }
    }

    private void move() {
      if (isAvailable(wire) && !waiting.isEmpty()) {
        push(wire, waiting.poll());
      }
      if (!isClosed(network) && !hasBeenPulled(network) && wantsToRead()) {
        pull(network);
      }
      if (waiting.isEmpty()
          && !streams.isHolding()
          && !isClosed(commands)
          && !hasBeenPulled(commands)) {
        pull(commands);
      }
      if (leaving && waiting.isEmpty() && isClosed(network)) {
        completeStage();
      }
    }

    private boolean wantsToRead() {
      return leaving || (isAvailable(events) && waiting.size() < MAX_WAITING);
    }

    private void send(Frame frame) {
      waiting.add(writer.write(frame));
    }

    private void leave(GoAwayStatus status) {
      leaving = true;
      streams.leave(status);
      complete(events);
      cancel(commands);
      scheduleOnce(LINGER_OVER, LINGER);
      move();
    }

    @Override
    public void onTimer(Object key) {
      if (key.equals(LINGER_OVER)) {
        completeStage();
      } else if (!leaving && waiting.isEmpty()) {
        lastPing += 2;
        send(new Frame.Ping(lastPing));
        move();
      }
    }

    @Override
    public void postStop() {
      reader.close();
    }
  }
}
