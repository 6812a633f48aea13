package dev.jkubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BlockingCallsTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final ScheduledThreadPoolExecutor limits = new ScheduledThreadPoolExecutor(1);
  private final BlockingCalls calls = new BlockingCalls(1, limits);

  BlockingCallsTest() {
    limits.setRemoveOnCancelPolicy(true);
  }

  @AfterEach
  void stop() {
    limits.shutdownNow();
  }

  @Test
  void answersWithWhatTheCallReturns() throws Exception {
    assertThat(get(calls.call("count", LONG, () -> 7))).isEqualTo(7);
  }

  @Test
  void failsAsTheCallFails() {
    var failure = new IllegalStateException("no");

    assertThat(
            causeOf(
                calls.call(
                    "fail",
                    LONG,
                    () -> {
                      throw failure;
                    })))
        .isSameAs(failure);
  }

  @Test
  void forgetsTheLimitOfACallThatIsDone() throws Exception {
    var gate = new CountDownLatch(1);
    var first = calls.call("first", LONG, () -> await(gate));
    var second =
        calls.call(
            "second",
            LONG,
            () -> {
              await(gate);
              while (limits.getQueue().size() > 1) {
                // The slot is free a moment before the first call's limit is forgotten.
                Thread.onSpinWait();
              }
              return "the only one under watch";
            });
    assertThat(limits.getQueue()).hasSize(2);

    gate.countDown();

    get(first);
    assertThat(get(second)).isEqualTo("the only one under watch");
  }

  @Test
  void interruptsACallThatIsOverdue() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    var overdue =
        calls.call(
            "stuck",
            SHORT,
            () -> {
              try {
                return hang();
              } catch (InterruptedException e) {
                interrupted.complete(true);
                throw e;
              }
            });

    assertThat(causeOf(overdue))
        .isInstanceOf(TimeoutException.class)
        .hasMessage("stuck: no answer within PT0.02S");
    assertThat(interrupted.get()).isTrue();
    assertThat(get(calls.call("next", LONG, () -> "has the slot"))).isEqualTo("has the slot");
  }

  @Test
  void aCallThatIgnoresTheInterruptKeepsItsSlot() throws Exception {
    var gate = new CountDownLatch(1);
    var stubborn =
        calls.call(
            "stubborn",
            SHORT,
            () -> {
              while (true) {
                try {
                  gate.await();
                  return "late";
                } catch (InterruptedException ignored) {
                  // that is the point
                }
              }
            });
    assertThat(causeOf(stubborn)).isInstanceOf(TimeoutException.class);

    assertThat(causeOf(calls.call("waits in vain", SHORT, () -> "ran")))
        .as("the limit counts the wait for a slot")
        .isInstanceOf(TimeoutException.class);

    gate.countDown();
    assertThat(get(calls.call("next", LONG, () -> "ran"))).isEqualTo("ran");
  }

  @Test
  void closesAnAnswerThatComesTooLate() throws Exception {
    var closed = new CompletableFuture<Boolean>();
    CompletionStage<AutoCloseable> late =
        calls.call(
            "late",
            SHORT,
            () -> {
              try {
                hang();
              } catch (InterruptedException ignored) {
                // It answers all the same.
              }
              return () -> closed.complete(true);
            });

    assertThat(causeOf(late)).isInstanceOf(TimeoutException.class);
    assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsDoneWithAnAnswerHoldsNoSlot() throws Exception {
    var gate = new CountDownLatch(1);
    var other = new CompletableFuture<String>();
    var first = calls.call("first", LONG, () -> await(gate));
    var done =
        first.thenApply(_ -> calls.call("second", LONG, () -> "ran").toCompletableFuture().join());
    var _ = done.thenAccept(other::complete);

    gate.countDown();

    assertThat(get(other)).isEqualTo("ran");
  }

  private static String hang() throws InterruptedException {
    return await(new CountDownLatch(1));
  }

  private static String await(CountDownLatch gate) throws InterruptedException {
    gate.await();
    return "done";
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private static Throwable causeOf(CompletionStage<?> stage) {
    try {
      get(stage);
    } catch (ExecutionException failed) {
      return failed.getCause();
    } catch (Exception other) {
      return other;
    }
    throw new AssertionError("it answered");
  }
}
