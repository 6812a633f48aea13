package dev.jkubelet.server;

import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** The checks that go-restful makes before a route runs, in its order: path, method, Accept. */
final class Restful {
  private static final Pattern PARAMETERS = Pattern.compile(";[^,]*");

  private Restful() {}

  /** A GET-only service at {@code root} that has no sub-paths and produces JSON. */
  static Handler json(String root, Handler handler) {
    return call -> {
      if (!withoutSlash(call.path()).equals(withoutSlash(root))) {
        return CompletableFuture.completedFuture(Answers.noRoute());
      }
      return get(acceptsJson(handler)).handle(call);
    };
  }

  static Handler get(Handler handler) {
    return call ->
        call.isGet()
            ? handler.handle(call)
            : CompletableFuture.completedFuture(Answers.methodNotAllowed());
  }

  private static Handler acceptsJson(Handler handler) {
    return call -> {
      var accept = call.request().getHeader("accept").map(header -> header.value()).orElse("*/*");
      for (var type : PARAMETERS.matcher(accept).replaceAll("").split(",", -1)) {
        if (type.strip().equals("*/*") || type.strip().equals("application/json")) {
          return handler.handle(call);
        }
      }
      return CompletableFuture.completedFuture(Answers.notAcceptable());
    };
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
