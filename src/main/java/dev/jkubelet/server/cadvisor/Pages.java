package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.NodeStats;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** cAdvisor's pages for people, and what their charts ask for. Answers from memory. */
public final class Pages {
  private final NodeStats stats;

  public Pages(NodeStats stats) {
    this.stats = stats;
  }

  /**
   * A page of {@code /containers/…}; nothing when there is no such container.
   *
   * @param path decoded
   */
  public Optional<ByteString> container(String path) {
    var node = stats.latest();
    return node.at(cgroup(path, "/containers"))
        .map(record -> new ContainerPage(node, record).render());
  }

  /** {@code /docker/}, or the page of the container that is named so. */
  public Optional<ByteString> docker(String path) {
    var node = stats.latest();
    var name = cgroup(path, "/docker").substring(1);
    return name.isEmpty()
        ? Optional.of(Listing.docker(node))
        : node.engineContainer(name).map(record -> new ContainerPage(node, record).render());
  }

  public ByteString pods() {
    return Listing.pods(stats.latest());
  }

  public ByteString machine(MachineFacts facts) {
    return MachinePage.render(facts);
  }

  /** JSON for the charts of the container at {@code /charts/…}. */
  public Optional<ByteString> charts(String path) {
    NodeSnapshot node = stats.latest();
    Optional<ContainerRecord> record = node.at(cgroup(path, "/charts"));
    return record.map(found -> Chart.json(Charts.of(node, found)));
  }

  /** Nothing is here. */
  public ByteString missing(String path) {
    return Frame.page(
        "",
        "Not found",
        html -> {
          html.leaf("h1", "Not found");
          html.open("p").text("There is no container ").leaf("code", path).text(".").close("p");
        });
  }

  private static String cgroup(String path, String below) {
    var rest = path.substring(below.length()).replaceAll("/+$", "");
    return rest.isEmpty() ? "/" : rest;
  }
}
