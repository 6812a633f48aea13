package dev.jkubelet.stats;

import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The measurements of the whole node. They are taken once, for everybody: metrics, summary, pages
 * and eviction look at the same snapshots.
 */
public interface NodeStats {
  /** The newest snapshot; {@link NodeSnapshot#EMPTY} before the first pass. Never blocks. */
  NodeSnapshot latest();

  /**
   * Each snapshot as it is taken, about one a second, starting with the newest. Any number may
   * subscribe; one that is slow misses snapshots and delays nobody.
   */
  Source<NodeSnapshot, NotUsed> snapshots();
}
