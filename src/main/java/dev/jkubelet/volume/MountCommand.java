package dev.jkubelet.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * mount(8), for file systems whose mounting takes more than a call of the kernel.
 *
 * @param program its path
 * @param limit how long it may take: a server that is away must not hold a thread for ever
 */
record MountCommand(String program, Duration limit) {
  private static final int LONGEST = 1024;

  /** Fails with what the program said. */
  void mount(String type, String source, Path dir, List<String> options)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(program, "-t", type));
    if (!options.isEmpty()) {
      words.addAll(List.of("-o", String.join(",", options)));
    }
    words.addAll(List.of("--", source, dir.toString()));
    var process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var said = CompletableFuture.supplyAsync(() -> output(process), Thread::startVirtualThread);
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new IOException(
          "mount of %s: no answer within %ds".formatted(source, limit.toSeconds()));
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "mount of %s: exit status %d: %s".formatted(source, process.exitValue(), said.join()));
    }
  }

  private static String output(Process process) {
    try (var out = process.getInputStream()) {
      return new String(out.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
