package dev.jkubelet.stats;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The machine as read at the start. It is read anew, behind whoever asks, when it is older than
 * five minutes: disks and networks come and go. Asking never blocks.
 */
public final class Machine {
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final MachineReader reader;
  private final Clock clock;
  private final Executor files;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile Reading last;

  private record Reading(MachineInfo info, Instant at) {}

  private Machine(MachineReader reader, Clock clock, Executor files) {
    this.reader = reader;
    this.clock = clock;
    this.files = files;
    this.last = read();
  }

  /** Reads this machine; blocks for some milliseconds. {@code files} runs later readings. */
  public static Machine host(Clock clock, Executor files) {
    return at(Path.of("/"), DiskSpace::of, clock, files);
  }

  /** As {@link #host}, without blocking: the first reading takes its time on a cold JVM. */
  public static CompletionStage<Machine> hostLater(Clock clock, Executor files) {
    return CompletableFuture.supplyAsync(() -> host(clock, files), files);
  }

  /** Of each size that this machine's processors have; a few files to read. */
  public static List<MachineInfo.HugePages> hugePages() {
    return Objects.requireNonNullElse(
        new CpuTopology(new HostFiles(Path.of("/"))).hugePages(MachineReader.HUGE_PAGES),
        List.of());
  }

  static Machine at(Path root, DiskSpace.Source space, Clock clock, Executor files) {
    return new Machine(new MachineReader(new HostFiles(root), space), clock, files);
  }

  /** What is known. */
  public MachineInfo info() {
    return current().info();
  }

  /** When that was read. */
  public Instant readAt() {
    return last.at();
  }

  /** The body of the kubelet's {@code /spec/}: indented by one space, without a time. */
  public byte[] specJson() {
    return GoJson.indented(info().at(MachineInfo.NO_TIME));
  }

  /** The body of cAdvisor's {@code /api/v1.3/machine}: compact, with the time of the reading. */
  public byte[] cadvisorJson() {
    return GoJson.compact(info());
  }

  private Reading current() {
    var known = last;
    if (known.at().plus(FRESH).isBefore(clock.instant()) && reading.compareAndSet(false, true)) {
      files.execute(
          () -> {
            try {
              last = read();
            } finally {
              reading.set(false);
            }
          });
    }
    return known;
  }

  private Reading read() {
    var now = clock.instant();
    return new Reading(reader.read(now.toString()), now);
  }
}
