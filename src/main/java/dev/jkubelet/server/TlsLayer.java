package dev.jkubelet.server;

import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
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
 * TLS of a server's connection. Pekko's own is an actor behind queues of sixteen pieces each way,
 * which a hundred clients that read nothing fill with more than the heap has; this one is part of
 * its connection's stream, holds one piece each way, and costs no messages between threads.
 *
 * <p>The end of either side ends the connection, as with Pekko's: HTTP has no use for half of one.
 */
final class TlsLayer
    extends GraphStage<BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound>> {
  private static final Logger log = LoggerFactory.getLogger(TlsLayer.class);

  /** Closing at once would have the kernel discard what is under way to the client. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private final Supplier<SSLEngine> engines;

  private final Inlet<SslTlsOutbound> said = Inlet.create("tls.said");
  private final Outlet<ByteString> wire = Outlet.create("tls.wire");
  private final Inlet<ByteString> network = Inlet.create("tls.network");
  private final Outlet<SslTlsInbound> heard = Outlet.create("tls.heard");
  private final BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound> shape =
      BidiShape.of(said, wire, network, heard);

  private TlsLayer(Supplier<SSLEngine> engines) {
    this.engines = engines;
  }

  /**
   * @param engines makes one for each connection, in server mode
   */
  static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> create(
      Supplier<SSLEngine> engines) {
    return BidiFlow.fromGraph(new TlsLayer(engines));
  }

  @Override
  public BidiShape<SslTlsOutbound, ByteString, ByteString, SslTlsInbound> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private interface Step {
    void run() throws SSLException;
  }

  private final class Logic extends TimerGraphStageLogic {
    private TlsRecords records;
    private ByteString unheard = ByteString.emptyByteString();
    private boolean leaving;

    private Logic() {
      super(shape);
      setHandler(
          said,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              if (grab(said) instanceof SendBytes piece) {
                attempt(() -> records.send(piece.bytes()));
              }
              move();
            }

            @Override
            public void onUpstreamFinish() {
              leave();
            }
          });
      setHandler(
          wire,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              move();
            }
          });
      setHandler(
          network,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              var bytes = grab(network);
              if (!leaving) {
                attempt(() -> records.receive(bytes));
                hear(records.takeOpened());
              }
              move();
            }

            @Override
            public void onUpstreamFinish() {
              move();
            }
          });
      setHandler(
          heard,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              move();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              unheard = ByteString.emptyByteString();
              move();
            }
          });
    }

    @Override
    public void preStart() throws SSLException {
      records = new TlsRecords(engines.get());
      pull(network);
    }

    private void hear(ByteString bytes) {
      if (!isClosed(heard)) {
        unheard = unheard.concat(bytes);
      }
    }

    private void attempt(Step step) {
      try {
        step.run();
      } catch (SSLException failure) {
        log.debug("A client's TLS is broken: {}", failure.toString());
        leave();
      }
    }

    /** All that can be done now. */
    private void move() {
      if (isAvailable(heard) && !unheard.isEmpty()) {
        var bytes = unheard;
        unheard = ByteString.emptyByteString();
        push(heard, new SessionBytes(records.session(), bytes));
      }
      if (isAvailable(wire) && records.hasSealed()) {
        push(wire, records.takeSealed());
      }
      if (unheard.isEmpty() && (isClosed(network) || records.isPeerDone())) {
        complete(heard);
        leave();
      }
      if (!leaving
          && isAvailable(wire)
          && records.isEstablished()
          && !isClosed(said)
          && !hasBeenPulled(said)) {
        pull(said);
      }
      if (!isClosed(network) && !hasBeenPulled(network) && wantsToRead()) {
        pull(network);
      }
      if (leaving && isClosed(network) && !records.hasSealed()) {
        completeStage();
      }
    }

    /**
     * One piece is read ahead: behind the last may be the client's good-bye. Who takes no answer to
     * what it asks of TLS itself, such as new keys, is not asked for more.
     */
    private boolean wantsToRead() {
      return leaving || (unheard.isEmpty() && !records.hasSealed());
    }

    /**
     * Says good-bye; the client has a moment to take what is under way, and to close. Nothing is
     * under way to one that has not got through the handshake, but for what is wrong with it.
     */
    private void leave() {
      if (leaving) {
        return;
      }
      leaving = true;
      boolean met = records.isEstablished();
      records.close();
      cancel(said);
      complete(heard);
      if (met || records.hasSealed()) {
        scheduleOnce(this, LINGER);
        move();
      } else {
        completeStage();
      }
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }
  }
}
