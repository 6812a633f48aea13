package dev.jkubelet.stats;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Measurements that stay as they are. */
record Still(NodeSnapshot latest) implements NodeStats {
  @Override
  public Source<NodeSnapshot, NotUsed> snapshots() {
    return Source.single(latest);
  }
}
