package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.Event;
import java.util.concurrent.CompletionStage;

record RemoteEvents(ApiCalls calls) implements EventsApi {
  @Override
  public CompletionStage<Event> create(Event event) {
    var path = ApiPath.of(Event.class, event.getMetadata().getNamespace());
    return calls.call(ApiRequest.post(path, calls.written(event)), Event.class);
  }

  @Override
  public CompletionStage<Event> patch(String namespace, String name, String patch) {
    return calls.call(
        ApiRequest.patch(ApiPath.of(Event.class, namespace, name), patch), Event.class);
  }
}
