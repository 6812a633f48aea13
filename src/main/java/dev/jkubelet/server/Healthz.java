package dev.jkubelet.server;

import dev.jkubelet.node.NodeHealth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/**
 * The kubelet's {@code /healthz}. Its own checks are listed always; the engine and the sync loop
 * fail the answer on every port, and where the kubelet has no such check they are listed only while
 * they fail. Unlike the kubelet's, a failed line says why: an operator who looks needs just that.
 */
final class Healthz {
  private final NodeQueries node;
  private final List<String> named;

  private Healthz(NodeQueries node, List<String> named) {
    this.node = node;
    this.named = named;
  }

  /** As on {@code --healthz-port}. */
  static Healthz ping(NodeQueries node) {
    return new Healthz(node, List.of("ping"));
  }

  /** As on the kubelet's own ports. */
  static Healthz full(NodeQueries node) {
    return new Healthz(node, List.of("ping", "log", "syncloop"));
  }

  /** The paths below {@code /healthz} that answer for one check each. */
  List<String> checks() {
    return named;
  }

  CompletionStage<HttpResponse> all(Call call) {
    var query = call.target().query();
    var excluded = new LinkedHashSet<>(query.all("exclude"));
    return node.health()
        .thenApply(health -> answer(failures(health), excluded, query.has("verbose")));
  }

  CompletionStage<HttpResponse> one(String check) {
    if (!check.equals("syncloop")) {
      return CompletableFuture.completedFuture(Answers.text(200, "ok"));
    }
    return node.health()
        .thenApply(
            health ->
                health
                    .syncLoop()
                    .map(why -> Answers.error(500, "internal server error: " + why))
                    .orElseGet(() -> Answers.text(200, "ok")));
  }

  private HttpResponse answer(
      SequencedMap<String, Optional<String>> checks, Set<String> excluded, boolean verbose) {
    var lines = new ArrayList<String>();
    var unmatched = new TreeSet<>(excluded);
    var healthy = true;
    for (var check : checks.entrySet()) {
      var name = check.getKey();
      var failure = check.getValue();
      if (unmatched.remove(name)) {
        lines.add("[+]" + name + " excluded: ok");
      } else if (failure.isPresent()) {
        lines.add("[-]" + name + " failed: " + failure.get());
        healthy = false;
      } else {
        lines.add("[+]" + name + " ok");
      }
    }
    if (!unmatched.isEmpty()) {
      lines.add(
          "warn: some health checks cannot be excluded: no matches for "
              + unmatched.stream().map(GoQuote::quote).collect(Collectors.joining(", ")));
    }
    if (!healthy) {
      return Answers.error(500, String.join("\n", lines) + "\nhealthz check failed");
    }
    var body = verbose ? String.join("\n", lines) + "\nhealthz check passed\n" : "ok";
    return Answers.sniffless(Answers.of(200, Answers.TEXT, ByteString.fromString(body)));
  }

  private SequencedMap<String, Optional<String>> failures(NodeHealth health) {
    var checks = new LinkedHashMap<String, Optional<String>>();
    named.forEach(name -> checks.put(name, Optional.empty()));
    health.syncLoop().ifPresent(why -> checks.put("syncloop", Optional.of(why)));
    health.runtime().ifPresent(why -> checks.put("runtime", Optional.of(why)));
    return checks;
  }
}
