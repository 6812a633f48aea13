package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerSpec;
import dev.jkubelet.stats.NodeSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** A container's page: where it is, what bounds it, what it uses, and what is below it. */
final class ContainerPage {
  private final NodeSnapshot node;
  private final ContainerRecord record;

  ContainerPage(NodeSnapshot node, ContainerRecord record) {
    this.node = node;
    this.record = record;
  }

  ByteString render() {
    return Frame.page(
        "/containers/",
        Names.full(record),
        html -> {
          path(html);
          html.leaf("h1", Names.full(record));
          Frame.facts(html, facts());
          charts(html);
          filesystems(html);
          Listing.below(html, node, record);
          labels(html);
        });
  }

  private void path(Html html) {
    html.open("p", "class", "path").link("/containers/", "/");
    var path = new StringBuilder();
    for (var part : record.path().substring(1).split("/", -1)) {
      if (!part.isEmpty()) {
        html.text(path.isEmpty() ? " " : " / ");
        path.append('/').append(part);
        html.link("/containers" + Names.encode(path.toString()), part);
      }
    }
    html.close("p");
  }

  private List<List<String>> facts() {
    var spec = record.spec();
    var facts = new ArrayList<List<String>>();
    facts.add(List.of("Kind", Names.kind(record)));
    record.container().ifPresent(c -> facts.add(List.of("Docker name", c.dockerName())));
    record.container().ifPresent(c -> facts.add(List.of("Id", c.id())));
    facts.add(List.of("Image", spec.image()));
    record.container().ifPresent(c -> facts.add(List.of("Restarts", c.restarts() + "")));
    facts.add(List.of("Created", Json.time(spec.created().truncatedTo(SECONDS))));
    facts.add(List.of("CPU shares", spec.hasCpu() ? spec.cpuShares() + "" : ""));
    facts.add(List.of("CPU limit", cpuLimit(spec)));
    facts.add(List.of("CPUs", spec.cpuMask()));
    long limit = ContainerSpec.limited(spec.memoryLimit());
    facts.add(List.of("Memory limit", limit == 0 ? "none" : Unit.BYTES.text(limit)));
    return facts;
  }

  private static final java.time.temporal.ChronoUnit SECONDS =
      java.time.temporal.ChronoUnit.SECONDS;

  private static String cpuLimit(ContainerSpec spec) {
    return spec.cpuQuota() > 0 && spec.cpuPeriod() > 0
        ? Unit.CORES.text((double) spec.cpuQuota() / spec.cpuPeriod()) + " cores"
        : "none";
  }

  /** The newest figures as text; the script draws above them. */
  private void charts(Html html) {
    html.open("section", "id", "charts", "data-charts", "/charts" + Names.encode(record.path()));
    for (var chart : Charts.of(node, record)) {
      html.open("figure", "data-title", chart.title());
      html.leaf("figcaption", chart.title());
      html.open("div", "class", "plot").close("div");
      html.open("ul", "class", "latest");
      for (var line : chart.lines()) {
        html.open("li").leaf("span", line.name()).text(" ");
        html.leaf("b", chart.unit().text(line.latest()), "data-line", line.name()).close("li");
      }
      html.close("ul").close("figure");
    }
    html.close("section");
  }

  private void filesystems(Html html) {
    if (record.kind() != ContainerRecord.Kind.MACHINE || record.latest().filesystems().isEmpty()) {
      return;
    }
    html.leaf("h2", "Filesystems");
    Frame.head(html, "Device", "Used", "Capacity", "Free inodes");
    for (var fs : record.latest().filesystems()) {
      html.open("tr").leaf("td", fs.device());
      html.open("td").text(Unit.BYTES.text(fs.usage()) + " ");
      html.leaf(
          "meter", "", "max", String.valueOf(fs.capacity()), "value", String.valueOf(fs.usage()));
      html.close("td").leaf("td", Unit.BYTES.text(fs.capacity()));
      html.leaf("td", fs.inodes() == 0 ? "–" : Unit.COUNT.text(fs.inodesFree())).close("tr");
    }
    Frame.foot(html);
  }

  private void labels(Html html) {
    var labels = new java.util.TreeMap<>(record.spec().labels());
    if (labels.isEmpty()) {
      return;
    }
    html.open("details").leaf("summary", "Labels");
    Frame.facts(
        html, labels.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
    html.close("details");
  }
}
