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
 * as a silent log that is followed, and a connection that changed its protocol is another's. When
 * the port closes, there is no time to be without a request.
 */
final class BetweenRequests
    extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {
  private static final String TOO_LONG = "too long";

  private final Duration limit;
  private final Closing closing;

  private final Inlet<HttpRequest> requests = Inlet.create("between.requests");
  private final Outlet<HttpRequest> asked = Outlet.create("between.asked");
  private final Inlet<HttpResponse> answered = Inlet.create("between.answered");
  private final Outlet<HttpResponse> responses = Outlet.create("between.responses");
  private final BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape =
      BidiShape.of(requests, asked, answered, responses);

  private BetweenRequests(Duration limit, Closing closing) {
    this.limit = limit;
    this.closing = closing;
  }

  static BidiFlow<HttpRequest, HttpRequest, HttpResponse, HttpResponse, NotUsed> atMost(
      Duration limit, Closing closing) {
    return BidiFlow.fromGraph(new BetweenRequests(limit, closing));
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
    private final AsyncCallback<Closing> leave = createAsyncCallback(_ -> leave());

    /** How many were asked: the next may be here before the end of an answer is told. */
    private long count;

    private long answers;
    private boolean leaving;

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
      closing.tell(leave);
      await();
    }

    @Override
    public void postStop() {
      closing.forget(leave);
    }

    private void leave() {
      leaving = true;
      if (answers == count) {
        completeStage();
      }
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
      answers = number;
      if (number == count) {
        await();
      }
      if (leaving) {
        leave();
      }
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }
  }
}
