package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.Event;
import java.util.concurrent.CompletionStage;

/** Events of the core group, v1. */
public interface EventsApi {
  CompletionStage<Event> create(Event event);

  /** A strategic merge patch (JSON) of count, message and last timestamp. */
  CompletionStage<Event> patch(String namespace, String name, String patch);
}
