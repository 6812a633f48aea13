package dev.jkubelet.server;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matches paths as Go's {@code http.ServeMux} does: a pattern that ends in a slash takes everything
 * below it, the longest wins, any other takes just itself. A path that is not clean is redirected
 * to its clean form before anyone sees it, so no handler meets {@code ..}.
 */
final class GoMux {
  private static final Logger log = LoggerFactory.getLogger(GoMux.class);

  private final Map<String, Handler> handlers = new HashMap<>();

  GoMux handle(String pattern, Handler handler) {
    if (handlers.putIfAbsent(pattern, handler) != null) {
      throw new IllegalArgumentException(pattern + " is registered twice");
    }
    return this;
  }

  /** Never fails: what a handler throws or its stage fails with is a 500. */
  CompletionStage<HttpResponse> serve(HttpRequest request) {
    var raw = request.getHeader(RawRequestURI.class).map(RawRequestURI::uri);
    return Target.parse(raw.orElseGet(() -> request.getUri().toString()))
        .map(target -> dispatch(new Call(request, target)))
        .orElseGet(() -> done(Answers.error(400, "400 Bad Request")));
  }

  private CompletionStage<HttpResponse> dispatch(Call call) {
    var path = Target.clean(call.path());
    if (!handlers.containsKey(path) && handlers.containsKey(path + "/")) {
      return done(Answers.movedTo(call, location(path + "/", call)));
    }
    if (!path.equals(call.path())) {
      return done(Answers.movedTo(call, location(path, call)));
    }
    return find(path)
        .map(handler -> guarded(handler, call))
        .orElseGet(() -> done(Answers.notFound()));
  }

  private Optional<Handler> find(String path) {
    var exact = handlers.get(path);
    if (exact != null) {
      return Optional.of(exact);
    }
    return handlers.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith("/") && path.startsWith(entry.getKey()))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }

  private static CompletionStage<HttpResponse> guarded(Handler handler, Call call) {
    try {
      return handler.handle(call).exceptionally(failure -> failed(call, failure));
    } catch (RuntimeException failure) {
      return done(failed(call, failure));
    }
  }

  private static HttpResponse failed(Call call, Throwable failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    log.warn("{} {} failed: {}", call.method(), call.path(), cause.toString());
    return Answers.text(500, "Internal Error: " + cause.getMessage());
  }

  private static String location(String path, Call call) {
    var query = call.target().rawQuery();
    return Percent.encodePath(path) + (query.isEmpty() ? "" : "?" + query);
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
