package dev.jkubelet.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.stream.stage.AsyncCallback;

/** The end of a port, which its connections hear of: those that nobody uses need not last. */
final class Closing {
  private final Set<AsyncCallback<Closing>> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  void begin() {
    begun = true;
    connections.forEach(connection -> connection.invoke(this));
  }

  /** It hears of it when the port closes, or at once; twice when both happen together. */
  void tell(AsyncCallback<Closing> connection) {
    connections.add(connection);
    if (begun) {
      connection.invoke(this);
    }
  }

  void forget(AsyncCallback<Closing> connection) {
    connections.remove(connection);
  }
}
