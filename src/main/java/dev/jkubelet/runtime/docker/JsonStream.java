package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An endless answer of JSON values, read on a virtual thread of its own. Closing it interrupts the
 * thread, which ends the connection at once, also while the engine has not answered yet.
 */
final class JsonStream implements AutoCloseable {
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Thread thread;

  /**
   * @param onValue called on the stream's thread
   * @param onEnd called once, with the failure if there was one, unless the stream was closed
   *     before
   */
  JsonStream(
      String name,
      Engine engine,
      Request request,
      Consumer<JsonNode> onValue,
      Consumer<Optional<Throwable>> onEnd) {
    this.thread = Thread.ofVirtual().name(name).start(() -> read(engine, request, onValue, onEnd));
  }

  private void read(
      Engine engine,
      Request request,
      Consumer<JsonNode> onValue,
      Consumer<Optional<Throwable>> onEnd) {
    Optional<Throwable> failure;
    try (var response = engine.open(request);
        var values =
            engine.json().readerFor(JsonNode.class).<JsonNode>readValues(response.getBody())) {
      while (!ended.get() && values.hasNextValue()) {
        onValue.accept(values.nextValue());
      }
      failure = Optional.empty();
    } catch (Exception broken) {
      failure = Optional.of(broken);
    }
    if (ended.compareAndSet(false, true)) {
      onEnd.accept(failure);
    }
  }

  boolean isEnded() {
    return ended.get();
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      thread.interrupt();
    }
  }
}
