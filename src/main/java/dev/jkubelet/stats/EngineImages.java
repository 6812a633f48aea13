package dev.jkubelet.stats;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** What the engine's images occupy, asked for once a minute, behind whoever wants to know. */
final class EngineImages implements Supplier<DiskWalker.Images> {
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final ContainerRuntime runtime;
  private final InstantSource clock;
  private volatile DiskWalker.Images known = new DiskWalker.Images(Optional.empty(), 0);
  private Instant due = Instant.MIN;

  EngineImages(ContainerRuntime runtime, InstantSource clock) {
    this.runtime = runtime;
    this.clock = clock;
  }

  @Override
  public DiskWalker.Images get() {
    var now = clock.instant();
    if (!due.isAfter(now)) {
      due = now.plus(FRESH);
      var _ =
          runtime
              .info()
              .thenAcceptBoth(
                  runtime.images(),
                  (info, images) ->
                      known =
                          new DiskWalker.Images(
                              Optional.of(info.rootDir()),
                              images.stream().mapToLong(Image::size).sum()));
    }
    return known;
  }
}
