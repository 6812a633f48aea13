package dev.jkubelet.cluster;

import static dev.jkubelet.cluster.FollowSteps.SHORT_WATCH;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jkubelet.cluster.FollowSteps.Outcome;
import dev.jkubelet.cluster.FollowSteps.Step;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Follower} told of a set of objects, on a virtual thread of its own, until closed.
 * It remembers a resource version and no objects.
 */
final class Reflector<T extends HasMetadata> implements Following {
  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
  private static final int PAGE = 500;

  /** A watch lasts five to ten minutes, as client-go's; the server ends it. */
  private static final int SHORTEST_WATCH_SECONDS = 300;

  /** And where the server does not, we do, a little later. */
  private static final int GRACE_SECONDS = 30;

  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  private final ApiCalls calls;
  private final ScheduledExecutorService timer;
  private final String path;
  private final String selector;
  private final Class<T> type;
  private final Follower<T> follower;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private String version = "";
  private long events;
  private boolean open;
  private long opened;

  /**
   * @param selector of the query; empty for all
   */
  private Reflector(
      ApiCalls calls,
      ScheduledExecutorService timer,
      String path,
      String selector,
      Class<T> type,
      Follower<T> follower) {
    this.calls = calls;
    this.timer = timer;
    this.path = path;
    this.selector = selector;
    this.type = type;
    this.follower = follower;
    this.thread = Thread.ofVirtual().name("follow " + path + " " + selector).unstarted(this::run);
  }

  static <T extends HasMetadata> Reflector<T> start(
      ApiCalls calls,
      ScheduledExecutorService timer,
      String path,
      String selector,
      Class<T> type,
      Follower<T> follower) {
    var reflector = new Reflector<>(calls, timer, path, selector, type, follower);
    reflector.thread.start();
    return reflector;
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void run() {
    var steps = FollowSteps.FIRST;
    try {
      while (closed.getCount() > 0) {
        var outcome = perform(steps.next());
        var after = steps.after(outcome);
        tell(steps, after, outcome);
        steps = after;
        pause(delay(steps, outcome), outcome);
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends sooner once the server answers others, but never at once; what it refused itself waits out
   * its time.
   */
  private void pause(Duration delay, Outcome outcome) throws InterruptedException {
    boolean unanswered =
        outcome instanceof Outcome.Failed(var failure, _, _) && failure.code() == 0;
    var alone = unanswered && delay.compareTo(SHORTEST_PAUSE) > 0 ? SHORTEST_PAUSE : delay;
    if (!closed.await(alone.toMillis(), TimeUnit.MILLISECONDS)) {
      calls.reachability().await(delay.minus(alone));
    }
  }

  private Outcome perform(Step step) throws InterruptedException {
    events = 0;
    open = false;
    try {
      return switch (step) {
        case Step.ListAll(var notOlderThan) -> list(notOlderThan);
        case Step.Watch(var from) -> watch(from);
      };
    } catch (ApiFailure failure) {
      boolean worked = open && (events > 0 || lasted().compareTo(SHORT_WATCH) > 0);
      return new Outcome.Failed(failure, version, worked);
    }
  }

  private Duration lasted() {
    return Duration.ofNanos(System.nanoTime() - opened);
  }

  private Outcome list(String notOlderThan) throws InterruptedException {
    var all = new ArrayList<T>();
    // A list no older than some version comes from the server's cache only without a limit.
    var query =
        switch (notOlderThan) {
          case "", "0" -> "limit=" + PAGE + "&resourceVersion=" + notOlderThan;
          case String some -> "resourceVersion=" + some;
        };
    while (true) {
      var page = calls.answer(ApiRequest.list(url(query)), JsonNode.class);
      for (var item : page.path("items")) {
        object(item).ifPresent(all::add);
      }
      version = page.path("metadata").path("resourceVersion").asText();
      var rest = page.path("metadata").path("continue").asText();
      if (rest.isEmpty()) {
        break;
      }
      query = "limit=" + PAGE + "&continue=" + ApiPath.encoded(rest);
    }
    deliver(() -> follower.listed(List.copyOf(all)));
    return new Outcome.Listed(version);
  }

  private Outcome watch(String from) throws InterruptedException {
    int seconds =
        SHORTEST_WATCH_SECONDS + ThreadLocalRandom.current().nextInt(SHORTEST_WATCH_SECONDS);
    var request =
        ApiRequest.get(
            url(
                "watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
                    .formatted(seconds, from)));
    var stream = calls.stream(request);
    open = true;
    opened = System.nanoTime();
    var end = timer.schedule(() -> closeQuietly(stream), seconds + GRACE_SECONDS, TimeUnit.SECONDS);
    try (stream;
        var incoming = new WatchEvents(calls.json(), stream)) {
      for (var event = incoming.next(); event != null; event = incoming.next()) {
        var object = event.path("object");
        if (event.path("type").asText().equals("ERROR")) {
          return new Outcome.Told(ApiFailures.told(request, object), version);
        }
        pass(event.path("type").asText(), object);
      }
      return new Outcome.Ended(version, events, lasted());
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      calls.reachability().lost();
      throw ApiFailures.unanswered(request, e);
    } finally {
      end.cancel(false);
    }
  }

  private void pass(String kind, JsonNode node) {
    switch (kind) {
      case "ADDED", "MODIFIED" ->
          object(node).ifPresent(object -> deliver(() -> follower.changed(object)));
      case "DELETED" -> object(node).ifPresent(object -> deliver(() -> follower.deleted(object)));
      default -> {
        // A bookmark carries nothing but the version.
      }
    }
    version = node.path("metadata").path("resourceVersion").asText(version);
    events++;
  }

  /** Empty if it can't be read, which must not keep the others from being told. */
  private Optional<T> object(JsonNode node) {
    try {
      return Optional.of(calls.read(node, type));
    } catch (IOException e) {
      LOG.error("{}: {} can't be read", path, node.path("metadata").path("name").asText(), e);
      return Optional.empty();
    }
  }

  private void deliver(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("What follows {} failed", path, e);
    }
  }

  private String url(String query) {
    return path + "?" + (selector.isEmpty() ? "" : selector + "&") + query;
  }

  private static Duration delay(FollowSteps steps, Outcome outcome) {
    var own = steps.delay(() -> ThreadLocalRandom.current().nextDouble());
    var wanted =
        switch (outcome) {
          case Outcome.Failed(var failure, _, _) -> failure.retryAfter().orElse(Duration.ZERO);
          case Outcome.Told(var failure, _) -> failure.retryAfter().orElse(Duration.ZERO);
          case Outcome.Listed _, Outcome.Ended _ -> Duration.ZERO;
        };
    return own.compareTo(wanted) < 0 ? wanted : own;
  }

  /** Once when it begins to fail, and once when it goes on. */
  private void tell(FollowSteps before, FollowSteps after, Outcome outcome) {
    if (before.failures() == 0 && after.failures() > 0) {
      LOG.warn("{} {} can't be followed for now: {}", path, selector, problem(outcome));
    } else if (before.failures() > 0 && after.failures() == 0) {
      LOG.info("{} {} is followed again", path, selector);
    } else {
      LOG.debug("{} {}: {}, next {}", path, selector, outcome, after);
    }
  }

  private static String problem(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed(var failure, _, _) -> failure.getMessage();
      case Outcome.Told(var failure, _) -> failure.getMessage();
      case Outcome.Ended _ -> "the server ends the watch as soon as it begins";
      case Outcome.Listed _ -> "";
    };
  }

  private static void closeQuietly(InputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debug("A watch could not be closed", e);
    }
  }
}
