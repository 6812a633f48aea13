package dev.jkubelet.cluster;

import java.time.Duration;

/** Hears of each call to the API server, from any thread; must not block. */
public interface CallListener {
  /** Nobody listens. */
  CallListener NONE =
      new CallListener() {
        @Override
        public void waited(Call call, Duration forItsTurn) {}

        @Override
        public void answered(Call call, int status, Duration took) {}

        @Override
        public void unanswered(Call call, Duration took) {}
      };

  /**
   * What was asked for.
   *
   * @param server scheme, host and port
   * @param path without names: {@code /api/v1/namespaces/{namespace}/pods/{name}}
   */
  record Call(String method, String server, String path) {}

  /** The call was held back by its rate, if only for an instant. */
  void waited(Call call, Duration forItsTurn);

  /** The answer has begun. */
  void answered(Call call, int status, Duration took);

  /** There was no answer. */
  void unanswered(Call call, Duration took);
}
