package dev.jkubelet.stats;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What the Java Virtual Machine uses, under the names of Prometheus' Java client. */
final class JvmMetrics {
  /** Looked up once: a look costs more than all they say. */
  private static final List<BufferPoolMXBean> BUFFERS =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);

  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();
  private static final List<MemoryPoolMXBean> POOLS = ManagementFactory.getMemoryPoolMXBeans();

  private JvmMetrics() {}

  static void render(Exposition out) {
    buffers(out);
    classes(out);
    out.family(
        "jvm_gc_collection_seconds",
        "summary",
        "Time spent in a given JVM garbage collector in seconds.");
    for (var collector : COLLECTORS) {
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
    pools(out, "committed", "Committed (bytes)", MemoryUsage::getCommitted);
    pools(out, "max", "Max (bytes)", MemoryUsage::getMax);
    pools(out, "used", "Used bytes", MemoryUsage::getUsed);
    areas(
        out,
        "jvm_memory_used_bytes",
        "Used bytes of a given JVM memory area.",
        heap.getUsed(),
        other.getUsed());
    out.family("jvm_runtime_info", "gauge", "JVM runtime info")
        .sample(
            "jvm_runtime_info",
            1,
            "runtime",
            System.getProperty("java.runtime.name", "unknown"),
            "vendor",
            System.getProperty("java.vm.vendor", "unknown"),
            "version",
            System.getProperty("java.runtime.version", "unknown"));
    threads(out);
  }

  private static void buffers(Exposition out) {
    of(
        out,
        "jvm_buffer_pool_capacity_bytes",
        "Bytes capacity of a given JVM buffer pool.",
        BUFFERS,
        BufferPoolMXBean::getName,
        BufferPoolMXBean::getTotalCapacity);
    of(
        out,
        "jvm_buffer_pool_used_buffers",
        "Used buffers of a given JVM buffer pool.",
        BUFFERS,
        BufferPoolMXBean::getName,
        BufferPoolMXBean::getCount);
    of(
        out,
        "jvm_buffer_pool_used_bytes",
        "Used bytes of a given JVM buffer pool.",
        BUFFERS,
        BufferPoolMXBean::getName,
        BufferPoolMXBean::getMemoryUsed);
  }

  private static void classes(Exposition out) {
    var classes = ManagementFactory.getClassLoadingMXBean();
    single(
        out,
        "jvm_classes_currently_loaded",
        "gauge",
        "The number of classes that are currently loaded in the JVM",
        classes.getLoadedClassCount());
    single(
        out,
        "jvm_classes_loaded_total",
        "counter",
        "The total number of classes that have been loaded since the JVM has started execution",
        classes.getTotalLoadedClassCount());
    single(
        out,
        "jvm_classes_unloaded_total",
        "counter",
        "The total number of classes that have been unloaded since the JVM has started execution",
        classes.getUnloadedClassCount());
  }

  private static void pools(
      Exposition out, String name, String help, ToLongFunction<MemoryUsage> value) {
    of(
        out,
        "jvm_memory_pool_" + name + "_bytes",
        help + " of a given JVM memory pool.",
        POOLS,
        MemoryPoolMXBean::getName,
        pool -> value.applyAsLong(pool.getUsage()));
  }

  private static void threads(Exposition out) {
    var threads = ManagementFactory.getThreadMXBean();
    single(
        out,
        "jvm_threads_current",
        "gauge",
        "Current thread count of a JVM",
        threads.getThreadCount());
    single(
        out,
        "jvm_threads_daemon",
        "gauge",
        "Daemon thread count of a JVM",
        threads.getDaemonThreadCount());
    single(
        out,
        "jvm_threads_peak",
        "gauge",
        "Peak thread count of a JVM",
        threads.getPeakThreadCount());
    single(
        out,
        "jvm_threads_started_total",
        "counter",
        "Started thread count of a JVM",
        threads.getTotalStartedThreadCount());
  }

  private static <T> void of(
      Exposition out,
      String name,
      String help,
      List<T> pools,
      Function<T, String> label,
      ToLongFunction<T> value) {
    out.family(name, "gauge", help);
    for (var pool : pools) {
      out.sample(name, (double) value.applyAsLong(pool), "pool", label.apply(pool));
    }
  }

  private static void single(Exposition out, String name, String type, String help, long value) {
    out.family(name, type, help).sample(name, (double) value);
  }

  private static void areas(Exposition out, String name, String help, long heap, long other) {
    out.family(name, "gauge", help)
        .sample(name, (double) heap, "area", "heap")
        .sample(name, (double) other, "area", "nonheap");
  }
}
