package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.Output;
import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.ResetStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * A remote command over a connection's streams: waits until the client has opened those it has to,
 * then says {@link FromClient.Ready} and carries messages to and fro. A client that doesn't open
 * them in time is left.
 */
final class CommandStreams extends GraphStage<BidiShape<Frame, FromClient, ToClient, Frame>> {
  private static final Logger log = LoggerFactory.getLogger(CommandStreams.class);
  private static final String TYPE = "streamtype";

  /** Messages on streams that are open while others are missing; beyond, nothing is read. */
  private static final int MAX_EARLY = 16;

  private final CommandProtocol protocol;
  private final Set<String> expected;
  private final Duration creationLimit;

  private final Inlet<Frame> frames = Inlet.create("command.frames");
  private final Outlet<FromClient> said = Outlet.create("command.said");
  private final Inlet<ToClient> told = Inlet.create("command.told");
  private final Outlet<Frame> answers = Outlet.create("command.answers");
  private final BidiShape<Frame, FromClient, ToClient, Frame> shape =
      BidiShape.of(frames, said, told, answers);

  private CommandStreams(CommandProtocol protocol, Set<String> expected, Duration creationLimit) {
    this.protocol = protocol;
    this.expected = expected;
    this.creationLimit = creationLimit;
  }

  /**
   * @param expected the types of the streams that the client has to open
   * @param creationLimit how long it has for that
   */
  static BidiFlow<Frame, FromClient, ToClient, Frame, NotUsed> create(
      CommandProtocol protocol, Set<String> expected, Duration creationLimit) {
    return BidiFlow.fromGraph(new CommandStreams(protocol, expected, creationLimit));
  }

  @Override
  public BidiShape<Frame, FromClient, ToClient, Frame> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, String> types = new HashMap<>();
    private final ResizeReader sizes = new ResizeReader();
    private final List<FromClient> early = new ArrayList<>();
    private boolean ready;

    private Logic() {
      super(shape);
      setHandler(
          frames,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              received(grab(frames));
            }

            @Override
            public void onUpstreamFinish() {
              complete(said);
            }
          });
      setHandler(
          said,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              listen();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              cancel(frames);
            }
          });
      setHandler(
          told,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              tell(grab(told));
            }

            @Override
            public void onUpstreamFinish() {
              complete(answers);
            }
          });
      setHandler(
          answers,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (ready && !isClosed(told) && !hasBeenPulled(told)) {
                pull(told);
              }
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(this, creationLimit);
      pull(frames);
    }

    /** After all streams are there, frames are taken when the process takes input. */
    private void listen() {
      if (ready && !isClosed(frames) && !hasBeenPulled(frames)) {
        pull(frames);
      }
    }

    private void received(Frame frame) {
      switch (frame) {
        case Frame.SynStream opened -> opened(opened);
        case Frame.Data(var id, var bytes, var ended) -> say(read(id, bytes, ended));
        case Frame.RstStream(var id, _) -> say(ended(id));
        case Frame.SynReply _,
            Frame.Headers _,
            Frame.Settings _,
            Frame.Ping _,
            Frame.GoAway _,
            Frame.WindowUpdate _ ->
            say(List.of());
      }
    }

    private void opened(Frame.SynStream opened) {
      int id = opened.streamId();
      var type = opened.headers().getOrDefault(TYPE, "");
      if (ids.containsKey(type)) {
        emit(answers, new Frame.RstStream(id, ResetStatus.PROTOCOL_ERROR.code()));
        say(List.of());
        return;
      }
      emit(answers, new Frame.SynReply(id, Map.of(), false));
      if (!expected.contains(type)) {
        log.info("A client opened a stream of the unexpected type \"{}\"", type);
        say(List.of());
        return;
      }
      ids.put(type, id);
      types.put(id, type);
      if (!ready && ids.keySet().containsAll(expected)) {
        ready = true;
        cancelTimer(this);
        early.addFirst(new FromClient.Ready());
        emitMultiple(said, early.iterator());
      }
      say(opened.ended() ? ended(id) : List.of());
    }

    private List<FromClient> read(int id, ByteString bytes, boolean ended) {
      var heard = new ArrayList<FromClient>();
      switch (types.getOrDefault(id, "")) {
        case CommandProtocol.STDIN -> {
          if (!bytes.isEmpty()) {
            heard.add(new FromClient.Input(bytes));
          }
        }
        case CommandProtocol.RESIZE ->
            sizes.feed(bytes).forEach(size -> heard.add(new FromClient.Resize(size)));
        default -> {}
      }
      if (ended) {
        heard.addAll(ended(id));
      }
      return heard;
    }

    private List<FromClient> ended(int id) {
      return CommandProtocol.STDIN.equals(types.get(id))
          ? List.of(new FromClient.InputEnd())
          : List.of();
    }

    /** Says it, or asks for the next frame when there is nothing to say. */
    private void say(List<FromClient> heard) {
      if (!ready) {
        early.addAll(heard);
        if (early.size() < MAX_EARLY) {
          pull(frames);
        }
      } else if (!heard.isEmpty()) {
        emitMultiple(said, heard.iterator());
      } else if (isAvailable(said)) {
        listen();
      }
    }

    private static String typeOf(Output.Stream stream) {
      return switch (stream) {
        case STDOUT -> CommandProtocol.STDOUT;
        case STDERR -> CommandProtocol.STDERR;
      };
    }

    private void tell(ToClient message) {
      switch (message) {
        case ToClient.Written(var output) -> {
          var id = ids.get(typeOf(output.stream()));
          if (id == null) {
            pull(told);
          } else {
            push(answers, new Frame.Data(id, output.bytes(), false));
          }
        }
        case ToClient.Ended(var result) -> {
          var ends = new ArrayList<Frame>();
          for (var type : List.of(CommandProtocol.STDOUT, CommandProtocol.STDERR)) {
            if (ids.containsKey(type)) {
              ends.add(new Frame.Data(ids.get(type), ByteString.emptyByteString(), true));
            }
          }
          ends.add(new Frame.Data(ids.get(CommandProtocol.ERROR), protocol.words(result), true));
          emitMultiple(answers, ends.iterator());
        }
      }
    }

    @Override
    public void onTimer(Object key) {
      log.info("A client did not open the streams {} in time", missing());
      complete(said);
      complete(answers);
      cancel(frames);
    }

    private Set<String> missing() {
      var missing = new HashSet<>(expected);
      missing.removeAll(ids.keySet());
      return missing;
    }
  }
}
