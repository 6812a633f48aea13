package dev.jkubelet.stats;

import java.lang.management.ManagementFactory;

/** What the Java Virtual Machine uses, under the names of Prometheus' Java client. */
final class JvmMetrics {
  private JvmMetrics() {}

  static void render(Exposition out) {
    out.family(
        "jvm_gc_collection_seconds",
        "summary",
        "Time spent in a given JVM garbage collector in seconds.");
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      out.sample(
          "jvm_gc_collection_seconds_sum",
          collector.getCollectionTime() / 1e3,
          "gc",
          collector.getName());
      out.sample(
          "jvm_gc_collection_seconds_count",
          (double) collector.getCollectionCount(),
          "gc",
          collector.getName());
    }
    var memory = ManagementFactory.getMemoryMXBean();
    var heap = memory.getHeapMemoryUsage();
    var other = memory.getNonHeapMemoryUsage();
    areas(
        out,
        "jvm_memory_committed_bytes",
        "Committed (bytes) of a given JVM memory area.",
        heap.getCommitted(),
        other.getCommitted());
    areas(
        out,
        "jvm_memory_max_bytes",
        "Max (bytes) of a given JVM memory area.",
        heap.getMax(),
        other.getMax());
    areas(
        out,
        "jvm_memory_used_bytes",
        "Used bytes of a given JVM memory area.",
        heap.getUsed(),
        other.getUsed());
    out.family("jvm_threads_current", "gauge", "Current thread count of a JVM.")
        .sample("jvm_threads_current", ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private static void areas(Exposition out, String name, String help, long heap, long other) {
    out.family(name, "gauge", help)
        .sample(name, (double) heap, "area", "heap")
        .sample(name, (double) other, "area", "nonheap");
  }
}
