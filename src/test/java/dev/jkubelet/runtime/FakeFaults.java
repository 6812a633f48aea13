package dev.jkubelet.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What goes wrong with calls to the fake, and the record of all calls. */
public final class FakeFaults {
  private record Failure(Predicate<FakeCall> calls, EngineException failure) {}

  private final List<FakeCall> received = new ArrayList<>();
  private final List<Hang> hangs = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private boolean down;

  <T> CompletionStage<T> perform(FakeCall call, Supplier<T> act) {
    var result = new CompletableFuture<T>();
    synchronized (this) {
      received.add(call);
      for (var hang : hangs) {
        if (hang.holds(call, () -> settle(result, act), result)) {
          return result;
        }
      }
      var failure = failures.stream().filter(f -> f.calls().test(call)).findFirst();
      if (failure.isPresent()) {
        failures.remove(failure.get());
        result.completeExceptionally(failure.get().failure());
        return result;
      }
    }
    settle(result, act);
    return result;
  }

  private <T> void settle(CompletableFuture<T> result, Supplier<T> act) {
    try {
      if (isDown()) {
        throw unavailable();
      }
      result.complete(act.get());
    } catch (EngineException failure) {
      result.completeExceptionally(failure);
    }
  }

  static EngineException unavailable() {
    return new EngineException.Unavailable(
        "Cannot connect to the Docker daemon. Is the docker daemon running?", null);
  }

  synchronized Hang hang(Predicate<FakeCall> calls) {
    var hang = new Hang(calls, this);
    hangs.add(hang);
    return hang;
  }

  synchronized void failNext(Predicate<FakeCall> calls, EngineException failure) {
    failures.add(new Failure(calls, failure));
  }

  synchronized void down(boolean isDown) {
    down = isDown;
  }

  synchronized boolean isDown() {
    return down;
  }

  synchronized List<FakeCall> received() {
    return List.copyOf(received);
  }

  private synchronized void end(Hang hang) {
    hangs.remove(hang);
  }

  /** Calls that get no answer until the test says which. */
  public static final class Hang {
    private record Held(FakeCall call, Runnable act, CompletableFuture<?> result) {}

    private final Predicate<FakeCall> calls;
    private final FakeFaults faults;
    private final List<Held> held = new ArrayList<>();

    private Hang(Predicate<FakeCall> calls, FakeFaults faults) {
      this.calls = calls;
      this.faults = faults;
    }

    private synchronized boolean holds(FakeCall call, Runnable act, CompletableFuture<?> result) {
      return calls.test(call) && held.add(new Held(call, act, result));
    }

    /** The calls that wait now. */
    public synchronized List<FakeCall> held() {
      return held.stream().map(Held::call).toList();
    }

    /** The engine wakes up: what waits is done and answered, and nothing hangs any more. */
    public void release() {
      faults.end(this);
      taken().forEach(one -> one.act().run());
    }

    /** The engine wakes up and does not do what waits; nothing hangs any more. */
    public void refuse(EngineException failure) {
      faults.end(this);
      taken().forEach(one -> one.result().completeExceptionally(failure));
    }

    /** The time limit passes: what waits is not done. Later calls hang as well. */
    public void timeOut() {
      taken().forEach(Hang::answerTooLate);
    }

    /**
     * The time limit passes although the engine does what it was asked. Later calls hang as well.
     */
    public void actAndTimeOut() {
      for (var one : taken()) {
        answerTooLate(one);
        one.act().run();
      }
    }

    private synchronized List<Held> taken() {
      var all = List.copyOf(held);
      held.clear();
      return all;
    }

    private static void answerTooLate(Held one) {
      one.result()
          .completeExceptionally(
              new EngineException.TimedOut(one.call() + ": no answer within the limit", null));
    }
  }
}
