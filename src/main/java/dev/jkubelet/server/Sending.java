package dev.jkubelet.server;

import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;

/** Answers that take their time to be sent. */
final class Sending {
  private Sending() {}

  /** The same answer, which says when all of it is sent, or its client has left. */
  static HttpResponse watched(HttpResponse response, Runnable over) {
    if (response.entity().isStrict()) {
      over.run();
      return response;
    }
    return response.withEntity(watched(response.entity(), over));
  }

  /** With its length or in chunks, as before: Pekko's own transformation would lose a length. */
  private static ResponseEntity watched(ResponseEntity entity, Runnable over) {
    var type = entity.getContentType();
    var length = entity.getContentLengthOption();
    var bytes =
        entity
            .getDataBytes()
            .watchTermination(
                (unused, end) -> {
                  end.whenComplete((_, _) -> over.run());
                  return unused;
                });
    return length.isPresent()
        ? HttpEntities.create(type, length.getAsLong(), bytes)
        : HttpEntities.createChunked(type, bytes);
  }
}
