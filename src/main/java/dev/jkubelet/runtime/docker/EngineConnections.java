package dev.jkubelet.runtime.docker;

import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.jkubelet.runtime.EngineListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/**
 * The connections to the engine. A restarted engine leaves idle ones broken; the first call that
 * finds one replaces the whole pool and is made once more. That is safe because every call of the
 * runtime can be repeated: what was done already is a success, and a name that is taken is looked
 * at.
 */
final class EngineConnections implements DockerHttpClient {
  /**
   * More than hung calls, stops in their grace period, pulls and streams can be at a time: none of
   * them keeps others from the engine.
   */
  private static final int MAX_CONNECTIONS = 2000;

  /**
   * What stays open for the next call, at most: docker-java's pool keeps as many as were ever
   * needed at a time, here and in the engine.
   */
  private static final int MAX_KEPT = 16;

  private static final int FIRST_ERROR = 400;

  private final URI endpoint;
  private final Duration connectLimit;
  private final EngineListener listener;
  private final Semaphore kept = new Semaphore(MAX_KEPT);
  private DockerHttpClient current;
  private DockerHttpClient retired;

  EngineConnections(URI endpoint, Duration connectLimit, EngineListener listener) {
    this.endpoint = endpoint;
    this.connectLimit = connectLimit;
    this.listener = listener;
    this.current = fresh();
  }

  private DockerHttpClient fresh() {
    return new ApacheDockerHttpClient.Builder()
        .dockerHost(endpoint)
        .maxConnections(MAX_CONNECTIONS)
        .connectionTimeout(connectLimit)
        .build();
  }

  @Override
  public Response execute(Request request) {
    var operation = EngineOperation.of(request);
    long began = System.nanoTime();
    boolean failed = true;
    try {
      var response = kept.tryAcquire() ? onKept(request) : executed(once(request));
      failed = response.getStatusCode() >= FIRST_ERROR;
      return response;
    } finally {
      var took = Duration.ofNanos(System.nanoTime() - began);
      boolean told = failed;
      operation.ifPresent(name -> listener.requested(name, took, told));
    }
  }

  private Response onKept(Request request) {
    try {
      return new Returned(executed(request), kept);
    } catch (RuntimeException failure) {
      kept.release();
      throw failure;
    }
  }

  private static Request once(Request request) {
    return Request.builder().from(request).putHeader("Connection", "close").build();
  }

  private Response executed(Request request) {
    var pool = current();
    try {
      return pool.execute(request);
    } catch (RuntimeException failure) {
      if (!stale(failure) || Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      return renewed(pool).execute(request);
    }
  }

  private synchronized DockerHttpClient current() {
    return current;
  }

  /**
   * The retired pool stays open until the next one retires: its streams and slow calls may live on
   * when only one connection broke.
   */
  @SuppressWarnings("ReferenceEquality") // which of two pools it is, not what is in it
  private synchronized DockerHttpClient renewed(DockerHttpClient broken) {
    if (current == broken) {
      closeQuietly(retired);
      retired = broken;
      current = fresh();
    }
    return current;
  }

  private static boolean stale(Throwable failure) {
    return switch (failure) {
      case null -> false;
      case ConnectException _ -> false;
      case ClosedByInterruptException _ -> false;
      case NoHttpResponseException _ -> true;
      case ConnectionClosedException _ -> true;
      case IOException broken
          when String.valueOf(broken.getMessage()).startsWith("Broken pipe")
              || String.valueOf(broken.getMessage()).startsWith("Connection reset") ->
          true;
      case Throwable other -> stale(other.getCause());
    };
  }

  @Override
  public synchronized void close() {
    closeQuietly(retired);
    closeQuietly(current);
  }

  private static void closeQuietly(DockerHttpClient pool) {
    if (pool == null) {
      return;
    }
    try {
      pool.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** An answer on a connection that is kept: the next call may have it after its end. */
  private static final class Returned implements Response {
    private final Response answer;
    private final Semaphore kept;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Returned(Response answer, Semaphore kept) {
      this.answer = answer;
      this.kept = kept;
    }

    @Override
    public int getStatusCode() {
      return answer.getStatusCode();
    }

    @Override
    public Map<String, List<String>> getHeaders() {
      return answer.getHeaders();
    }

    @Override
    public InputStream getBody() {
      return answer.getBody();
    }

    @Override
    public void close() {
      answer.close();
      if (closed.compareAndSet(false, true)) {
        kept.release();
      }
    }
  }
}
