package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerSample.Filesystem;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * cAdvisor's series of one file system, sorted by name.
 *
 * @param name without {@code container_fs_}
 * @param scale decimal digits behind the point: cAdvisor takes the kernel's milliseconds for
 *     nanoseconds, and so have the dashboards ever since
 */
record FilesystemSeries(
    String name, String type, String help, ToLongFunction<Filesystem> value, int scale) {
  static final List<FilesystemSeries> ALL =
      List.of(
          gauge("inodes_free", "Number of available Inodes", Filesystem::inodesFree),
          gauge("inodes_total", "Number of Inodes", Filesystem::inodes),
          gauge("io_current", "Number of I/Os currently in progress", fs -> fs.io().inProgress()),
          seconds(
              "io_time_seconds_total",
              "Cumulative count of seconds spent doing I/Os",
              fs -> fs.io().ioTime()),
          seconds(
              "io_time_weighted_seconds_total",
              "Cumulative weighted I/O time in seconds",
              fs -> fs.io().weightedIoTime()),
          gauge(
              "limit_bytes",
              "Number of bytes that can be consumed by the container on this filesystem.",
              Filesystem::capacity),
          seconds(
              "read_seconds_total",
              "Cumulative count of seconds spent reading",
              fs -> fs.io().readTime()),
          counter(
              "reads_merged_total",
              "Cumulative count of reads merged",
              fs -> fs.io().readsMerged()),
          counter("reads_total", "Cumulative count of reads completed", fs -> fs.io().reads()),
          counter(
              "sector_reads_total",
              "Cumulative count of sector reads completed",
              fs -> fs.io().sectorsRead()),
          counter(
              "sector_writes_total",
              "Cumulative count of sector writes completed",
              fs -> fs.io().sectorsWritten()),
          gauge(
              "usage_bytes",
              "Number of bytes that are consumed by the container on this filesystem.",
              Filesystem::usage),
          seconds(
              "write_seconds_total",
              "Cumulative count of seconds spent writing",
              fs -> fs.io().writeTime()),
          counter(
              "writes_merged_total",
              "Cumulative count of writes merged",
              fs -> fs.io().writesMerged()),
          counter("writes_total", "Cumulative count of writes completed", fs -> fs.io().writes()));

  private static FilesystemSeries gauge(
      String name, String help, ToLongFunction<Filesystem> value) {
    return new FilesystemSeries(name, "gauge", help, value, 0);
  }

  private static FilesystemSeries counter(
      String name, String help, ToLongFunction<Filesystem> value) {
    return new FilesystemSeries(name, "counter", help, value, 0);
  }

  private static FilesystemSeries seconds(
      String name, String help, ToLongFunction<Filesystem> value) {
    return new FilesystemSeries(name, "counter", help, value, 9);
  }
}
