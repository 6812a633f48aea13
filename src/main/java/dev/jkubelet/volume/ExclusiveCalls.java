package dev.jkubelet.volume;

import dev.jkubelet.runtime.BlockingCalls;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blocking calls, one at a time for each owner: another one meanwhile fails and may be tried again.
 * So a call that was given up but still runs, on a dead file server for example, can't be
 * overtaken, and costs one thread however often it is tried again.
 */
final class ExclusiveCalls {
  private final BlockingCalls calls;
  private final Duration limit;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  ExclusiveCalls(BlockingCalls calls, Duration limit) {
    this.calls = calls;
    this.limit = limit;
  }

  <T> CompletionStage<T> call(String owner, String what, Callable<T> work) {
    return calls.call(
        what,
        limit,
        () -> {
          if (!busy.add(owner)) {
            throw VolumeException.failedMount(what + ": an earlier call has not ended yet");
          }
          try {
            return work.call();
          } finally {
            busy.remove(owner);
          }
        });
  }
}
