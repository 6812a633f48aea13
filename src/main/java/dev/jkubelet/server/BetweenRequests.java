package dev.jkubelet.server;

import java.time.Duration;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Ends a connection that has been without a request for too long: before the first, whose sender
 * nobody knows yet, and after an answer is all sent. An answer itself may take as long as it does,
 * as a silent log that is followed, and a connection that changed its protocol is another's.
 */
final class BetweenRequests
    extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {
  private static final String TOO_LONG = "too long";

  private final Duration limit;

  private final Inlet<HttpRequest> requests = Inlet.create("between.requests");
  private final Outlet<HttpRequest> asked = Outlet.create("between.asked");
  private final Inlet<HttpResponse> answered = Inlet.create("between.answered");
  private final Outlet<HttpResponse> responses = Outlet.create("between.responses");
  private final BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape =
      BidiShape.of(requests, asked, answered, responses);

  private BetweenRequests(Duration limit) {
    this.limit = limit;
  }

  static BidiFlow<HttpRequest, HttpRequest, HttpResponse, HttpResponse, NotUsed> atMost(
      Duration limit) {
    return BidiFlow.fromGraph(new BetweenRequests(limit));
  }

  @Override
  public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final AsyncCallback<Long> sent = createAsyncCallback(this::sent);

    /** How many were asked: the next may be here before the end of an answer is told. */
    private long count;

    private Logic() {
      super(shape);
      setHandler(
          requests,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              count++;
              cancelTimer(TOO_LONG);
              push(asked, grab(requests));
            }

            @Override
            public void onUpstreamFinish() {
              complete(asked);
            }
          });
      setHandler(
          asked,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(requests);
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              cancel(requests);
            }
          });
      setHandler(
          answered,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              push(responses, watched(grab(answered)));
            }
          });
      setHandler(
          responses,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(answered);
            }
          });
    }

    @Override
    public void preStart() {
      await();
    }

    private void await() {
      scheduleOnce(TOO_LONG, limit);
    }

    private HttpResponse watched(HttpResponse response) {
      if (response.status().equals(StatusCodes.SWITCHING_PROTOCOLS)) {
        return response;
      }
      long number = count;
      return Sending.watched(response, () -> sent.invoke(number));
    }

    private void sent(long number) {
      if (number == count) {
        await();
      }
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }
  }
}
