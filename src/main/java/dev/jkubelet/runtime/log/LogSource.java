package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives a {@link LogReader}: one step at a time, each on a virtual thread, one piece ahead. */
final class LogSource extends GraphStage<SourceShape<ByteString>> {
  private static final Logger LOG = LoggerFactory.getLogger(LogSource.class);

  /** As the kubelet's logForceCheckPeriod. */
  private static final Duration ASK_PERIOD = Duration.ofSeconds(1);

  private final Path path;
  private final LogOptions options;
  private final Supplier<CompletionStage<Boolean>> isRunning;
  private final Outlet<ByteString> out = Outlet.create("LogSource.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);

  LogSource(Path path, LogOptions options, Supplier<CompletionStage<Boolean>> isRunning) {
    this.path = path;
    this.options = options;
    this.isRunning = isRunning;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final LogReader reader = new LogReader(path, options);
    private final AsyncCallback<LogReader.Step> stepDone = createAsyncCallback(this::onStep);
    private final AsyncCallback<Throwable> stepFailed = createAsyncCallback(this::failStage);
    private final AsyncCallback<Followed> grown = createAsyncCallback(_ -> onGrown());
    private final AsyncCallback<Boolean> answered = createAsyncCallback(this::onAnswer);

    private ByteString ahead = ByteString.emptyByteString();
    private Optional<Followed> followed = Optional.empty();
    private boolean waiting;
    private boolean asking;
    private boolean askedOnce;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (!ahead.isEmpty()) {
                pushAhead();
              }
            }
          });
    }

    @Override
    public void preStart() {
      if (options.follow()) {
        scheduleAtFixedRate(ASK_PERIOD, ASK_PERIOD, ASK_PERIOD);
      }
      step();
    }

    private void step() {
      Thread.ofVirtual()
          .name("log-reader")
          .start(
              () -> {
                try {
                  stepDone.invoke(reader.read());
                } catch (Throwable failure) {
                  stepFailed.invoke(failure);
                }
              });
    }

    private void onStep(LogReader.Step step) {
      if (options.follow() && followed.isEmpty()) {
        followed = reader.held().map(Followed::new);
        followed.ifPresent(GrowthWatch.SHARED::join);
      }
      switch (step) {
        case LogReader.Data(var bytes) -> {
          ahead = bytes;
          if (isAvailable(out)) {
            pushAhead();
          }
        }
        case LogReader.CaughtUp(var read) -> {
          var log = followed.orElseThrow();
          waiting = true;
          log.await(read, () -> grown.invoke(log));
          if (!askedOnce) {
            ask();
          }
        }
        case LogReader.End() -> completeStage();
      }
    }

    private void pushAhead() {
      var bytes = ahead;
      ahead = ByteString.emptyByteString();
      push(out, bytes);
      step();
    }

    private void onGrown() {
      waiting = false;
      step();
    }

    @Override
    public void onTimer(Object key) {
      if (waiting && !asking) {
        ask();
      }
    }

    private void ask() {
      asking = true;
      askedOnce = true;
      running()
          .whenComplete(
              (running, failure) -> {
                if (failure == null) {
                  answered.invoke(running);
                } else {
                  LOG.debug("{}: can't tell whether its container runs", path, failure);
                  Thread.ofVirtual().start(() -> answered.invoke(Files.exists(path)));
                }
              });
    }

    private CompletionStage<Boolean> running() {
      try {
        return isRunning.get();
      } catch (RuntimeException failure) {
        return CompletableFuture.failedStage(failure);
      }
    }

    private void onAnswer(boolean running) {
      asking = false;
      if (!running) {
        reader.stopFollowing();
        cancelTimer(ASK_PERIOD);
        if (followed.isPresent() && followed.get().stopWaiting()) {
          onGrown();
        }
      }
    }

    @Override
    public void postStop() {
      followed.ifPresent(GrowthWatch.SHARED::leave);
      Thread.ofVirtual().name("log-closer").start(this::closeFiles);
    }

    private void closeFiles() {
      try {
        reader.close();
      } catch (IOException failure) {
        LOG.warn("{}: can't close", path, failure);
      }
    }
  }
}
