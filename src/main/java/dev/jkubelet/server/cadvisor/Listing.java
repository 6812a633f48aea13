package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.NodeSnapshot;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;

/** Tables of containers: what each uses now, with the way to its page. */
final class Listing {
  /** Rows of one table; a page with more is of no use to anybody. */
  private static final int MOST_ROWS = 1000;

  private Listing() {}

  static ByteString docker(NodeSnapshot node) {
    var all = node.engineContainers().sorted(Comparator.comparing(Names::full)).toList();
    return Frame.page(
        "/docker/",
        "Docker",
        html -> {
          html.leaf("h1", "Docker containers");
          table(html, all, 0, Names::full);
          empty(html, all, "The engine runs no containers.");
        });
  }

  static ByteString pods(NodeSnapshot node) {
    var pods = node.pods().sorted(Comparator.comparing(Names::of)).toList();
    return Frame.page(
        "/pods/",
        "Pods",
        html -> {
          html.leaf("h1", "Pods");
          var rows =
              pods.stream()
                  .flatMap(
                      pod ->
                          Stream.concat(
                              Stream.of(pod),
                              node.below(pod.path()).filter(r -> r.kind() == Kind.CONTAINER)))
                  .toList();
          int depth = pods.isEmpty() ? 0 : depth(pods.getFirst());
          tree(html, rows, depth);
          empty(html, rows, "No pods run here.");
        });
  }

  /** The cgroups below a container at any depth, as a tree. */
  static void below(Html html, NodeSnapshot node, ContainerRecord record) {
    var rows = node.below(record.path()).toList();
    if (!rows.isEmpty()) {
      html.leaf("h2", "Subcontainers");
      tree(html, rows, depth(record) + 1);
    }
  }

  private static void tree(Html html, List<ContainerRecord> rows, int top) {
    table(html, rows, top, Names::of);
  }

  private static void table(
      Html html,
      List<ContainerRecord> rows,
      int top,
      java.util.function.Function<ContainerRecord, String> name) {
    if (rows.isEmpty()) {
      return;
    }
    Frame.head(html, "Name", "Kind", "CPU", "Working set", "Restarts");
    for (var row : rows.subList(0, Math.min(rows.size(), MOST_ROWS))) {
      int depth = top == 0 ? 0 : Math.clamp(depth(row) - top, 0, 5);
      html.open("tr");
      html.open("th", "scope", "row", "class", "depth" + depth);
      html.link(Names.page(row), name.apply(row)).close("th");
      html.leaf("td", Names.kind(row));
      html.leaf("td", row.nanoCores().map(n -> Unit.CORES.text(n / 1e9)).orElse("–"));
      html.leaf("td", Unit.BYTES.text(row.latest().memory().workingSet()));
      html.leaf(
          "td",
          row.kind() == Kind.CONTAINER
              ? row.container().map(c -> String.valueOf(c.restarts())).orElse("")
              : "");
      html.close("tr");
    }
    Frame.foot(html);
  }

  private static int depth(ContainerRecord record) {
    return record.path().equals("/") ? 0 : record.path().split("/", -1).length - 1;
  }

  private static void empty(Html html, List<?> rows, String why) {
    if (rows.isEmpty()) {
      html.leaf("p", why, "class", "empty");
    }
  }
}
