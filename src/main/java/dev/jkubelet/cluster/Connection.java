package dev.jkubelet.cluster;

import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A client, and with it the connections that it keeps: one, unless there is more to follow than the
 * server lets through one. The JDK's client would open one for each of the requests that come
 * before the first is answered, so those wait for each other.
 */
final class Connection {
  /** An API server lets 250 through one connection, and calls need room beside what is followed. */
  private static final int STREAMS = 100;

  private final HttpClient client;
  private final TlsFiles files;
  private final Optional<Identity> identity;
  private final Semaphore streams = new Semaphore(STREAMS);
  private final Semaphore opening = new Semaphore(1, true);
  private volatile boolean established;
  private volatile long heard = System.nanoTime();

  /**
   * @param files the credentials it was made with
   * @param identity what a plugin gave for it
   */
  Connection(HttpClient client, TlsFiles files, Optional<Identity> identity) {
    this.client = client;
    this.files = files;
    this.identity = identity;
  }

  HttpClient client() {
    return client;
  }

  TlsFiles files() {
    return files;
  }

  Optional<Identity> identity() {
    return identity;
  }

  /** Work that sends a request. */
  interface Sending<T> {
    T send() throws IOException, InterruptedException;
  }

  /** Sends at once if there is a connection, and else when nobody else is about to open one. */
  <T> T inTurn(Duration limit, Sending<T> sending) throws IOException, InterruptedException {
    boolean waited = !established && opening.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS);
    boolean first = waited && !established;
    if (waited && !first) {
      opening.release();
    }
    try {
      return sending.send();
    } finally {
      if (first) {
        opening.release();
      }
    }
  }

  /** Takes room for a stream; false if there is none left. */
  boolean takeStream() {
    return streams.tryAcquire();
  }

  void releaseStream() {
    streams.release();
  }

  /** The server answered. */
  void hear() {
    heard = System.nanoTime();
    established = true;
  }

  /** A request got no answer. */
  void miss() {
    established = false;
  }

  /** Whether nothing came since then, in {@link System#nanoTime}. */
  boolean silentSince(long time) {
    return heard - time < 0;
  }
}
