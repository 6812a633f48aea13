package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.server.stream.spdy.Frame;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * What is behind a connection, whatever protocol its streams come by.
 *
 * @param creationLimit how long a client has to open its streams; 30 seconds in the kubelet
 * @param idle after which a session ends in which nothing moves; zero for never
 */
record Sessions(Duration creationLimit, Duration idle) {
  /**
   * One with a process.
   *
   * @param streams the types of those that the client has to open
   * @param failure the words before the reason why the process could not be started
   */
  Flow<Frame, Frame, NotUsed> command(
      CommandProtocol protocol,
      Set<String> streams,
      Supplier<CompletionStage<ProcessStreams>> start,
      String failure) {
    return limited(
        CommandStreams.create(protocol, streams, creationLimit)
            .join(RemoteCommand.flow(start, failure)));
  }

  /** One that forwards ports. */
  Flow<Frame, Frame, NotUsed> portForward(
      String sandboxId, IntFunction<CompletionStage<PodConnection>> connect) {
    return limited(Flow.fromGraph(new PortForward(connect, sandboxId, creationLimit)));
  }

  /** Ends a session, as if both sides had left, after nothing has moved for too long. */
  private Flow<Frame, Frame, NotUsed> limited(Flow<Frame, Frame, NotUsed> session) {
    if (idle.isZero()) {
      return session;
    }
    var end = Flow.<Frame>create().onErrorComplete(TimeoutException.class);
    return BidiFlow.<Frame, Frame>bidirectionalIdleTimeout(idle).join(end.via(session)).via(end);
  }
}
