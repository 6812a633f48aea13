package dev.jkubelet.server;

import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Passes the first bytes on and ends: a log that grows while it is sent has a length all the same.
 */
final class FirstBytes extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("FirstBytes.in");
  private final Outlet<ByteString> out = Outlet.create("FirstBytes.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final long limit;

  FirstBytes(long limit) {
    this.limit = limit;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new GraphStageLogic(shape) {
      private long left = limit;

      {
        setHandlers(
            in,
            out,
            new AbstractInOutHandler() {
              @Override
              public void onPush() {
                var bytes = grab(in);
                var taken = bytes.size() <= left ? bytes : bytes.take((int) left);
                left -= taken.size();
                push(out, taken);
                if (left == 0) {
                  completeStage();
                }
              }

              @Override
              public void onPull() {
                pull(in);
              }
            });
      }
    };
  }
}
