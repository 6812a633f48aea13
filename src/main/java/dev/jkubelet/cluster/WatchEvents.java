package dev.jkubelet.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** The events of one watch, one after the other; only one is held at a time. */
final class WatchEvents implements AutoCloseable {
  private final MappingIterator<JsonNode> events;

  WatchEvents(ObjectMapper json, InputStream stream) throws IOException {
    this.events = json.readerFor(JsonNode.class).readValues(stream);
  }

  /** Waits for the next one; null at the end. */
  JsonNode next() throws IOException {
    return events.hasNextValue() ? events.nextValue() : null;
  }

  @Override
  public void close() throws IOException {
    events.close();
  }
}
